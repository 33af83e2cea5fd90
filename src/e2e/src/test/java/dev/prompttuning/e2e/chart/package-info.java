/** The chart: what it renders, what it refuses, what it may do, and a life on the cluster. */
package dev.prompttuning.e2e.chart;
