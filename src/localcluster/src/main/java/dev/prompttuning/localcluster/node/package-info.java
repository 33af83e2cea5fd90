/**
 * One node and the controllers of the local cluster: pods run as processes of this machine.
 *
 * <p>Everything here talks to the API server through a Fabric8 client and takes turns on one {@link
 * dev.prompttuning.localcluster.node.NodeThread}. Ten times a second it looks at the processes of all pods, and, where
 * anything has changed in the API server or a second has gone by, at all objects: each {@link
 * dev.prompttuning.localcluster.node.Controller} decides by what is there at that moment. The {@link
 * dev.prompttuning.localcluster.node.Kubelet} is one of them and has a {@link
 * dev.prompttuning.localcluster.node.PodWorker} for each pod.
 *
 * <h2>What a process sees instead of a container</h2>
 *
 * <ul>
 *   <li><b>Image.</b> {@link dev.prompttuning.localcluster.node.NodeOptions} maps an image's name to a command.
 *   <li><b>Files.</b> A process shares the file system of this machine, so a mount path such as {@code /etc/job} means
 *       nothing by itself. Each pod gets a folder, named in the environment variable {@code POD_ROOT}, under which its
 *       mount paths exist: {@code $POD_ROOT/etc/job} is a link to the volume. A program resolves the paths it reads from
 *       files against {@code POD_ROOT} when that variable is set. Arguments and environment values which are or start
 *       with a mount path or equal the termination message path are rewritten for it. {@code readOnly} is not enforced.
 *   <li><b>Volumes.</b> Claims and emptyDir are folders. A ConfigMap's volume is a folder of its texts that follows it
 *       within a second, each file at once. Other kinds are refused.
 *   <li><b>Ports.</b> All pods share 127.0.0.1, so each declared container port gets a free local port: told to the
 *       process as {@code PORT_<containerPort>}, and to clients by the pod's annotation
 *       {@code localcluster.prompttuning.dev/port-<containerPort>}. Probes and Services use it.
 *   <li><b>Environment.</b> PATH, HOME, LANG and TMPDIR of this JVM, then the image's, then the container's. Memory
 *       and CPU limits are not enforced.
 * </ul>
 *
 * <p>{@link dev.prompttuning.localcluster.node.Restrictions} says what a pod may ask for; what it asks for beyond that is
 * told in its container's status. Jobs run one pod at a time and count no restarts, Deployments roll and never recreate,
 * Services have one port. Left out: scheduling by labels and resources, events, endpoints, disruptions, lifecycle hooks.
 */
package dev.prompttuning.localcluster.node;
