using System.Text.Json;
using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Scoring;

/// <summary>What an invocation asks of a model.</summary>
/// <param name="Inputs">Inputs; the caller's.</param>
/// <param name="IsFrame">Whether it came as a data frame, so that some flavors answer with one.</param>
internal readonly record struct ScoringBody(List<Tensor> Inputs, bool IsFrame)
{
    /// <summary>Bytes of memory that reading takes for each byte of a body, at most about: cells are small and what stands for them is not.</summary>
    public const int MemoryFactor = 16;

    /// <summary>Reads a body.</summary>
    /// <param name="bytes">The body.</param>
    /// <param name="isCsv">Whether it is CSV rather than JSON.</param>
    /// <param name="signature">What <c>MLmodel</c> says.</param>
    /// <param name="model">What the served model takes.</param>
    /// <exception cref="MlflowException">It can't be read, or is not what the model takes.</exception>
    public static ScoringBody Read(ReadOnlyMemory<byte> bytes, bool isCsv, ScoringSignature signature, ModelSignature model)
    {
        ScoringInputs inputs = new(signature, model);
        if (!isCsv)
        {
            using JsonDocument document = Parse(bytes);
            ScoringRequest request = ScoringRequest.Read(document.RootElement);
            return new ScoringBody(inputs.Build(request), request.Form == ScoringForm.Frame);
        }

        // The reference knows no types for the columns of a tensor either.
        if (signature.IsUnnamedTensor || signature.HasNamedTensors)
        {
            throw ScoringFailures.Bad("Failed to parse input as a Pandas DataFrame: the signature has tensors, which CSV can't carry. Send 'inputs' or 'instances' as JSON.");
        }

        ScoringFrame frame = ScoringCsv.Read(bytes.Span, out JsonDocument cells);
        using (cells)
        {
            return new ScoringBody(inputs.Build(new ScoringRequest(ScoringForm.Frame, frame, default, IsInstances: false)), IsFrame: true);
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return StrictJson.Parse(json);
        }
        catch (JsonException)
        {
            throw ScoringFailures.Bad("Invalid input. Ensure that input is a valid JSON formatted string.");
        }
    }
}
