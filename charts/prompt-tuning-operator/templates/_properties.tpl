{{/* The operator's configuration. Lists and labels do not fit into environment variables, a file holds them as they are. */}}
{{- define "operator.properties" -}}
quarkus.log.level={{ .Values.logLevel }}
{{- with .Values.watchNamespaces }}
quarkus.operator-sdk.namespaces={{ join "," . }}
{{- end }}
prompttuning.images.trainer-cpu={{ .Values.trainer.cpu }}
prompttuning.images.trainer-cuda={{ .Values.trainer.cuda }}
{{- with .Values.gpu.runtimeClassName }}
prompttuning.gpu.runtime-class-name={{ . }}
{{- end }}
{{- range $label, $value := .Values.gpu.nodeSelector }}
prompttuning.gpu.node-selector."{{ $label }}"={{ $value }}
{{- end }}
{{- range $i, $toleration := .Values.gpu.tolerations }}
{{- range $field, $value := $toleration }}
prompttuning.gpu.tolerations[{{ $i }}].{{ kebabcase $field }}={{ $value }}
{{- end }}
{{- end }}
{{- end }}
