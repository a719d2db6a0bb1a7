using System.Buffers;
using Slipway.Core;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>What a request asks of a model, and how its answer is written.</summary>
/// <param name="Signature">Signature that is asked; empty: the model's own.</param>
/// <param name="Inputs">Inputs; whoever makes the request of them owns them.</param>
/// <param name="Outputs">Outputs needed; empty: all.</param>
/// <param name="Write">Writes the answer.</param>
internal sealed record Question(string Signature, IReadOnlyList<Tensor> Inputs, IReadOnlyList<string> Outputs, Action<IBufferWriter<byte>, InferenceResponse> Write)
{
    private static readonly Action<IBufferWriter<byte>, InferenceResponse> WriteRows = static (output, response) => PredictAnswer.Write(output, response, rows: true);
    private static readonly Action<IBufferWriter<byte>, InferenceResponse> WriteColumns = static (output, response) => PredictAnswer.Write(output, response, rows: false);

    /// <summary>A <c>:predict</c>.</summary>
    public static Question Predict(ReadOnlySpan<byte> json, ServableInfo servable)
    {
        PredictBody body = PredictBody.Read(json, servable);
        return new Question(body.Servable.SignatureName, body.Inputs, [], body.IsRows ? WriteRows : WriteColumns);
    }

    /// <summary>A <c>:classify</c>.</summary>
    public static Question Classify(ReadOnlySpan<byte> json, ServableInfo servable)
    {
        ExamplesBody body = ExamplesReader.Read(json);
        ServableInfo target = ServingSignature.FindForExamples(servable, body.SignatureName);
        IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> examples = body.Examples;
        ClassifyOutputs outputs = ClassifyOutputs.Find(target);
        return new Question(
            target.SignatureName, ExampleInputs.ToTensors(examples, target.Signature), outputs.Names, (output, response) => ResultsAnswer.Write(output, outputs.Read(response, examples.Count)));
    }

    /// <summary>A <c>:regress</c>.</summary>
    public static Question Regress(ReadOnlySpan<byte> json, ServableInfo servable)
    {
        ExamplesBody body = ExamplesReader.Read(json);
        ServableInfo target = ServingSignature.FindForExamples(servable, body.SignatureName);
        IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> examples = body.Examples;
        return new Question(
            target.SignatureName,
            ExampleInputs.ToTensors(examples, target.Signature),
            [RegressOutput.Find(target)],
            (output, response) => ResultsAnswer.Write(output, RegressOutput.Read(response, examples.Count)));
    }
}
