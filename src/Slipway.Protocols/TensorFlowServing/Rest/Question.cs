using System.Buffers;
using Slipway.Core;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>What a request asks of a model, and how its answer is written.</summary>
/// <param name="Inputs">Inputs; whoever makes the request of them owns them.</param>
/// <param name="Outputs">Outputs needed; empty: all.</param>
/// <param name="Write">Writes the answer.</param>
internal sealed record Question(IReadOnlyList<Tensor> Inputs, IReadOnlyList<string> Outputs, Action<IBufferWriter<byte>, InferenceResponse> Write)
{
    private static readonly Action<IBufferWriter<byte>, InferenceResponse> WriteRows = static (output, response) => PredictAnswer.Write(output, response, rows: true);
    private static readonly Action<IBufferWriter<byte>, InferenceResponse> WriteColumns = static (output, response) => PredictAnswer.Write(output, response, rows: false);

    /// <summary>A <c>:predict</c>.</summary>
    public static Question Predict(ReadOnlySpan<byte> json, ServableInfo servable)
    {
        PredictBody body = PredictBody.Read(json, servable.Signature);
        return new Question(body.Inputs, [], body.IsRows ? WriteRows : WriteColumns);
    }

    /// <summary>A <c>:classify</c>.</summary>
    public static Question Classify(ReadOnlySpan<byte> json, ServableInfo servable)
    {
        IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> examples = ExamplesReader.Read(json);
        ClassifyOutputs outputs = ClassifyOutputs.Find(servable);
        return new Question(
            ExampleInputs.ToTensors(examples, servable.Signature), outputs.Names, (output, response) => ResultsAnswer.Write(output, outputs.Read(response, examples.Count)));
    }

    /// <summary>A <c>:regress</c>.</summary>
    public static Question Regress(ReadOnlySpan<byte> json, ServableInfo servable)
    {
        IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> examples = ExamplesReader.Read(json);
        return new Question(
            ExampleInputs.ToTensors(examples, servable.Signature),
            [RegressOutput.Find(servable)],
            (output, response) => ResultsAnswer.Write(output, RegressOutput.Read(response, examples.Count)));
    }
}
