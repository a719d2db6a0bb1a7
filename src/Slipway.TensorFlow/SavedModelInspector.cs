using System.Globalization;
using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow;

/// <summary>Describes a SavedModel for people.</summary>
internal static class SavedModelInspector
{
    public static ModelInspection Describe(VersionFiles files, CancellationToken cancellationToken)
    {
        SavedModel model = SavedModel.Open(files);
        MetaGraph graph = model.Graph;
        ModelInspection inspection = new()
        {
            Format = "savedmodel",
            Producer = "tensorflow",
            ProducerVersion = graph.TensorFlowVersion,
            FileBytes = files.Open(files.MainFile).Length,
            ExternalFiles = [.. files.Files.Where(file => file.Name.Contains("variables/", StringComparison.Ordinal) || file.Name.Contains("assets/", StringComparison.Ordinal))],
            Metadata = Metadata(graph),
        };
        try
        {
            SignatureDefinition signature = SignatureChoice.Choose(graph, null);
            Translation translation = Translation.Of(model, signature, cancellationToken);
            ModelInspection described = WithTranslation(inspection, translation);
            return described with { Problems = [.. described.Problems, .. OtherSignatures(model, signature, cancellationToken)] };
        }
        catch (SlipwayException refusal)
        {
            return inspection with { Problems = [new ModelProblem(true, refusal.Message)] };
        }
    }

    // A signature that can't be called is no reason not to serve the model by the others.
    private static IEnumerable<ModelProblem> OtherSignatures(SavedModel model, SignatureDefinition main, CancellationToken cancellationToken)
    {
        foreach (SignatureDefinition other in SignatureChoice.Callable(model.Graph).Where(signature => signature != main))
        {
            string? fault;
            try
            {
                fault = Translation.Of(model, other, cancellationToken) is { Problems: { Count: > 0 } problems } ? ProblemText.Of(problems) : null;
            }
            catch (SlipwayException refusal)
            {
                fault = refusal.Message;
            }

            if (fault is not null)
            {
                yield return new ModelProblem(false, $"signature '{other.Name}' can't be called: {fault}");
            }
        }
    }

    private static ModelInspection WithTranslation(ModelInspection inspection, Translation translation)
    {
        TensorData[] read = [.. translation.Resources.Variables.Select(static variable => variable.Value).OfType<TensorData>()];
        return inspection with
        {
            Inputs = [.. translation.Inputs.Select(static input => new InspectedTensor(input.Name, input.Type.ToDisplayName(), Sizes(input.Shape)))],
            Outputs = [.. translation.Outputs.Select(static output => new InspectedTensor(output.Name, output.Term.Type.ToDisplayName(), Sizes(output.Term.Shape)))],
            Operators = [.. translation.Operators.OrderByDescending(static pair => pair.Value).ThenBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => new InspectedOperator(pair.Key, pair.Value))],
            NodeCount = translation.Operators.Values.Sum(),
            ParameterCount = read.Sum(static data => data.Count),
            ParameterBytes = read.Sum(static data => (long)data.Raw.Length),
            Problems = [.. ProblemText.Lines(translation.Problems).Select(static line => new ModelProblem(true, line))],
        };
    }

    private static Dictionary<string, string> Metadata(MetaGraph graph)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal) { ["tags"] = string.Join(',', graph.Tags) };
        foreach (SignatureDefinition signature in SignatureChoice.Callable(graph))
        {
            metadata[$"signature {signature.Name}"] = $"{signature.Method}: {Tensors(signature.Inputs)} -> {Tensors(signature.Outputs)}";
        }

        return metadata;
    }

    private static string Tensors(IReadOnlyDictionary<string, TensorInfo> tensors) =>
        string.Join(", ", tensors.Select(static pair => $"{pair.Key} {pair.Value.Type.ToDisplayName()} {pair.Value.Shape}"));

    private static IReadOnlyList<string>? Sizes(PartialShape shape) =>
        shape.HasRank ? [.. shape.ToArray().Select(static size => size < 0 ? "?" : size.ToString(CultureInfo.InvariantCulture))] : null;
}
