using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;
using Slipway.Pmml.Transformations;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Neural;

/// <summary><c>NeuralNetwork</c>: layers of neurons over normalised inputs.</summary>
internal sealed class NeuralNetworkPlan : ModelPlan
{
    private readonly Expression[] _inputs;
    private readonly NeuralLayer[] _layers;
    private readonly int _activations;
    private readonly (int Neuron, int Place, Func<double, double> Denormalize)[] _outputs;
    private readonly Dictionary<string, (int Neuron, Func<double, double> Denormalize)> _targets;

    private NeuralNetworkPlan(
        ModelResult result,
        Expression[] inputs,
        NeuralLayer[] layers,
        int activations,
        (int Neuron, int Place, Func<double, double> Denormalize)[] outputs,
        Dictionary<string, (int Neuron, Func<double, double> Denormalize)> targets)
        : base(result)
    {
        (_inputs, _layers, _activations, _outputs, _targets) = (inputs, layers, activations, outputs, targets);
    }

    /// <summary>Compiles the element.</summary>
    public static NeuralNetworkPlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        Dictionary<string, int> neurons = new(StringComparer.Ordinal);
        List<Expression> inputs = [];
        foreach (PmmlElement input in element.RequiredChild("NeuralInputs").ChildrenNamed("NeuralInput"))
        {
            PmmlElement derived = input.RequiredChild("DerivedField");
            inputs.Add((ExpressionCompiler.CompileIn(derived, model.Scope, model.Plan) ?? throw PmmlError.Invalid(derived, "has no expression")).To(PmmlType.Double));
            neurons[input.Required("id")] = neurons.Count;
        }

        List<NeuralLayer> layers = [];
        foreach (PmmlElement layer in element.ChildrenNamed("NeuralLayer"))
        {
            layers.Add(NeuralLayer.Read(layer, element, neurons));
        }

        ModelResult result = model.NewResult();
        List<(int Neuron, string Field, double Category, Func<double, double> Denormalize)> found = [];
        foreach (PmmlElement output in element.RequiredChild("NeuralOutputs").ChildrenNamed("NeuralOutput"))
        {
            if (!neurons.TryGetValue(output.Required("outputNeuron"), out int neuron))
            {
                throw PmmlError.Invalid(output, "names a neuron that the network does not have");
            }

            found.Add(ReadOutput(output, neuron, model));
        }

        if (model.IsClassification)
        {
            result.WithProbabilities(found.Select(static output => output.Category));
        }

        int activations = model.Plan.AddSlots(neurons.Count, Cell.Missing);
        return new NeuralNetworkPlan(
            result,
            [.. inputs],
            [.. layers],
            activations,
            [.. found.Select(output => (output.Neuron, model.IsClassification ? result.IndexOf(output.Category) : 0, output.Denormalize))],
            found.GroupBy(static output => output.Field, StringComparer.Ordinal).Where(static group => group.Count() == 1)
                .ToDictionary(static group => group.Key, static group => (group.First().Neuron, group.First().Denormalize), StringComparer.Ordinal));
    }

    public override void Evaluate(Frame frame)
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            double value = _inputs[i].Evaluate(frame);
            if (double.IsNaN(value))
            {
                return;
            }

            frame[_activations + i] = value;
        }

        Span<double> activations = frame.Cells.AsSpan(frame.Base + _activations, _inputs.Length + _layers.Sum(static layer => layer.Count));
        foreach (NeuralLayer layer in _layers)
        {
            layer.Activate(activations);
        }

        if (Result.Probabilities < 0)
        {
            frame[Result.Value] = _outputs[0].Denormalize(activations[_outputs[0].Neuron]);
            return;
        }

        Span<double> probabilities = Result.ProbabilitiesOf(frame);
        foreach ((int neuron, int place, _) in _outputs)
        {
            probabilities[place] = activations[neuron];
        }

        Result.Decide(frame);
    }

    /// <inheritdoc/>
    public override Expression? Target(string name) => Result.Probabilities < 0 && _targets.Count > 1 && _targets.TryGetValue(name, out (int Neuron, Func<double, double> Denormalize) target)
        ? new DelegateExpression(PmmlType.Double, frame => frame[_activations + target.Neuron] is var value && Cell.IsMissing(value) ? value : target.Denormalize(value))
        : null;

    private static (int Neuron, string Field, double Category, Func<double, double> Denormalize) ReadOutput(PmmlElement output, int neuron, ModelContext model)
    {
        PmmlElement derived = output.RequiredChild("DerivedField");
        PmmlElement expression = derived.Children.FirstOrDefault(ExpressionCompiler.IsExpression) ?? throw PmmlError.Invalid(derived, "has no expression");

        // A reference may lead to a derived field that says how the target was normalised.
        if (expression.Name == "FieldRef" && NormalizationOf(expression.Required("field"), model) is { } normalization)
        {
            expression = normalization;
        }

        string field = expression.Required("field");
        return expression.Name switch
        {
            "NormDiscrete" => (neuron, field, model.Category(expression, expression.Required("value")), static y => y),
            "NormContinuous" => (neuron, field, Cell.Missing, NormContinuousCompiler.Inverse(expression)),
            "FieldRef" => (neuron, field, Cell.Missing, static y => y),
            _ => throw PmmlError.NotSupported(expression, "this expression of a neural output"),
        };
    }

    private static PmmlElement? NormalizationOf(string name, ModelContext model) =>
        (model.Element.Child("LocalTransformations")?.Children ?? []).Concat(model.Plan.Document.Child("TransformationDictionary")?.Children ?? [])
            .FirstOrDefault(field => field.Name == "DerivedField" && field.Attribute("name") == name)?.Children.FirstOrDefault(static child => child.Name is "NormDiscrete" or "NormContinuous");
}
