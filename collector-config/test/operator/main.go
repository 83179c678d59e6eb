// Command inject does with a Deployment's pod what the OpenTelemetry Operator does with it in a cluster, by the operator's own code.
//
//	inject INSTRUMENTATION.yaml DEPLOYMENT.yaml
//
// prints the pod that a node would be given, as JSON. tools.sh builds it within a copy of the operator's module, because the code that
// changes pods is internal to that. No cluster: what the operator asks one for is given to it from memory.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/go-logr/logr"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/record"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/yaml"

	"github.com/open-telemetry/opentelemetry-operator/apis/v1alpha1"
	"github.com/open-telemetry/opentelemetry-operator/internal/config"
	"github.com/open-telemetry/opentelemetry-operator/internal/instrumentation"
)

const namespace = "services"

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("expected INSTRUMENTATION.yaml DEPLOYMENT.yaml, found %d arguments", len(os.Args)-1))
	}
	pod, err := inject(os.Args[1], os.Args[2])
	if err != nil {
		fail(err)
	}
	out, err := json.MarshalIndent(pod, "", "  ")
	if err != nil {
		fail(err)
	}
	fmt.Println(string(out))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "inject:", err)
	os.Exit(1)
}

func inject(instrumentationFile, deploymentFile string) (*corev1.Pod, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	inst := &v1alpha1.Instrumentation{}
	if err := read(instrumentationFile, inst); err != nil {
		return nil, err
	}
	deployment := &appsv1.Deployment{}
	if err := read(deploymentFile, deployment); err != nil {
		return nil, err
	}
	inst.Namespace = namespace
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}
	deployment.Namespace = namespace
	set := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Name: deployment.Name + "-1", Namespace: namespace}}
	set.OwnerReferences = owner("Deployment", deployment.Name)
	cluster := fake.NewClientBuilder().WithScheme(scheme).WithObjects(ns, inst, deployment, set).Build()
	pod := corev1.Pod{ObjectMeta: *deployment.Spec.Template.ObjectMeta.DeepCopy(), Spec: *deployment.Spec.Template.Spec.DeepCopy()}
	pod.Namespace = namespace
	pod.GenerateName = set.Name + "-"
	pod.OwnerReferences = owner("ReplicaSet", set.Name)

	recorder := record.NewFakeRecorder(16)
	mutator := instrumentation.NewMutator(logr.Discard(), cluster, recorder, config.New())
	changed, err := mutator.Mutate(context.Background(), *ns, pod)
	if err != nil {
		return nil, err
	}
	// The operator lets a pod through that it could not change, and says why in an event.
	select {
	case event := <-recorder.Events:
		return nil, fmt.Errorf("the operator says: %s", event)
	default:
	}
	return &changed, nil
}

// A pod is a replica set's, which is a deployment's: of the latter the operator takes the service's name.
func owner(kind, name string) []metav1.OwnerReference {
	return []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: kind, Name: name}}
}

func read(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalStrict(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
