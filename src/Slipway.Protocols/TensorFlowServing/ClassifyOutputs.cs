using Slipway.Core;

namespace Slipway.Protocols.TensorFlowServing;

/// <summary>
/// Which outputs of a model are its classes and scores, and how they become a classification. Scores are the output <c>scores</c>, else <c>probabilities</c>, else
/// the only output of floats; classes the output <c>classes</c>, else <c>label</c>, else the only output of strings. Without classes for each score, the names
/// of the scores' classes count where the model has them.
/// </summary>
internal sealed class ClassifyOutputs
{
    private readonly string? _classes;
    private readonly string? _scores;
    private readonly IReadOnlyList<string> _labels;

    private ClassifyOutputs(string? classes, string? scores, IReadOnlyList<string> labels)
    {
        _classes = classes;
        _scores = scores;
        _labels = labels;
    }

    /// <summary>The outputs to ask for.</summary>
    public IReadOnlyList<string> Names => [.. new[] { _classes, _scores }.OfType<string>()];

    /// <summary>Finds the outputs.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when the model has neither.</exception>
    public static ClassifyOutputs Find(ServableInfo servable)
    {
        IReadOnlyList<TensorSignature> outputs = servable.Signature.Outputs;
        string? classes = Named(outputs, "classes") ?? Named(outputs, "label") ?? Only(outputs, static type => type == TensorDataType.String);
        string? scores = Named(outputs, "scores") ?? Named(outputs, "probabilities")
            ?? Only(outputs.Where(output => output.Name != classes), static type => type is TensorDataType.Float32 or TensorDataType.Float64);
        if (classes is null && scores is null)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"model '{servable.ModelName}' has no outputs that could be classes or scores");
        }

        return new ClassifyOutputs(classes, scores, scores is null ? [] : LabelsOf(servable, scores));
    }

    /// <summary>The classes of each example.</summary>
    /// <param name="response">The answer, with the outputs of <see cref="Names"/>.</param>
    /// <param name="examples">How many examples were asked about.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when an output does not have one row for each example.</exception>
    public ClassScore[][] Read(InferenceResponse response, int examples)
    {
        Tensor? classesOutput = response.Outputs.FirstOrDefault(output => output.Name == _classes);
        Tensor? scoresOutput = response.Outputs.FirstOrDefault(output => output.Name == _scores);
        float[]? scores = scoresOutput is null ? null : OutputValues.ToFloats(scoresOutput);
        string[]? classes = classesOutput is null ? null : OutputValues.ToTexts(classesOutput);
        int perExample = PerExample(scoresOutput ?? classesOutput!, (scores?.Length ?? classes!.Length), examples);

        // One predicted class beside several scores names none of them.
        bool classesMatch = classes is not null && classes.Length == perExample * examples;
        ClassScore[][] result = new ClassScore[examples][];
        for (int example = 0; example < examples; example++)
        {
            result[example] = new ClassScore[perExample];
            for (int i = 0; i < perExample; i++)
            {
                int at = (example * perExample) + i;
                string label = classesMatch ? classes![at] : i < _labels.Count ? _labels[i] : "";
                result[example][i] = new ClassScore(label, scores is null ? 0 : scores[at]);
            }
        }

        return result;
    }

    private static int PerExample(Tensor output, int values, int examples) => output.Shape.Rank is 1 or 2 && output.Shape[0] == examples
        ? values / Math.Max(1, examples)
        : throw new SlipwayException(
            ErrorCode.InvalidRequest, $"output '{output.Name}' has shape {output.Shape}, which is not one row for each of {examples} examples");

    private static IReadOnlyList<string> LabelsOf(ServableInfo servable, string output) =>
        servable.Config.OutputLabels.TryGetValue(output, out IReadOnlyList<string>? labels)
            ? labels
            : servable.Signature.Outputs[servable.Signature.IndexOfOutput(output)].Labels;

    private static string? Named(IReadOnlyList<TensorSignature> outputs, string name) => outputs.Any(output => output.Name == name) ? name : null;

    private static string? Only(IEnumerable<TensorSignature> outputs, Func<TensorDataType, bool> fits)
    {
        TensorSignature[] found = [.. outputs.Where(output => fits(output.DataType))];
        return found is [{ } one] ? one.Name : null;
    }
}
