using Slipway.Core;

namespace Slipway.Protocols.TensorFlowServing;

/// <summary>Which output of a model is its regression: <c>outputs</c>, else <c>prediction</c>, else the only output of numbers; one number for each example.</summary>
internal static class RegressOutput
{
    /// <summary>Name of the output to ask for.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when the model has none.</exception>
    public static string Find(ServableInfo servable)
    {
        TensorSignature[] numbers = [.. servable.Signature.Outputs.Where(static output => OutputValues.IsNumeric(output.DataType))];
        TensorSignature? found = Array.Find(numbers, static output => output.Name == "outputs")
            ?? Array.Find(numbers, static output => output.Name == "prediction")
            ?? (numbers is [{ } only] ? only : null);
        return found?.Name
            ?? throw new SlipwayException(ErrorCode.InvalidRequest, $"model '{servable.ModelName}' has no single output of numbers that could be a regression");
    }

    /// <summary>The number of each example.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when the output has another shape than <c>[N]</c> or <c>[N,1]</c>.</exception>
    public static float[] Read(InferenceResponse response, int examples)
    {
        Tensor output = response.Outputs[0];
        bool fits = output.Shape.Rank is 1 or 2 && output.Shape[0] == examples && output.ElementCount == examples;
        return fits
            ? OutputValues.ToFloats(output)
            : throw new SlipwayException(
                ErrorCode.InvalidRequest, $"output '{output.Name}' has shape {output.Shape}, which is not one number for each of {examples} examples");
    }
}
