using System.Buffers;
using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Mlflow.Scoring;

/// <summary>Answers as the flavor's own <c>predict</c> would.</summary>
/// <param name="signature">What <c>MLmodel</c> says.</param>
internal sealed class ScoringOutputs(ScoringSignature signature)
{
    private bool IsPlain => signature.Flavor is "sklearn" or "xgboost" or "lightgbm" or "catboost";

    private bool IsBooster => signature.Flavor is "xgboost" or "lightgbm" && signature.ModelClass.EndsWith("Booster", StringComparison.Ordinal);

    /// <summary>The outputs to ask for.</summary>
    /// <param name="model">What the served model gives.</param>
    /// <param name="usual">Those asked for when the flavor has no choice of its own.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: the model does not give what its flavor predicts.</exception>
    public string[] Choose(ModelSignature model, IReadOnlyList<string> usual)
    {
        if (!IsPlain)
        {
            return [.. usual];
        }

        string[] wanted = signature.PredictFunction switch
        {
            "predict" when IsBooster => ["probabilities", "prediction", "label"],
            "predict" => ["label", "prediction", "cluster"],
            "predict_proba" => ["probabilities"],
            "decision_function" => ["decision"],
            "score_samples" => ["score"],
            "transform" => ["transformed"],
            _ => [],
        };
        string? found = Array.Find(wanted, name => model.IndexOfOutput(name) >= 0);
        return found is not null ? [found]
            : signature.PredictFunction == "predict" ? [.. usual]
            : throw new SlipwayException(ErrorCode.NotSupported, $"the model was logged with predict_fn '{signature.PredictFunction}', which is not served");
    }

    /// <summary>Writes <c>{"predictions": …}</c>.</summary>
    public void Write(IBufferWriter<byte> output, IReadOnlyList<Tensor> outputs, bool isFrame)
    {
        output.Write("{\"predictions\":"u8);
        if (IsPlain && outputs.Count == 1)
        {
            new NestedTensorWriter(Plain(outputs[0]), base64: false).WriteWhole(output);
        }
        else if ((signature.Flavor == "pmml" || (signature.Flavor == "onnx" && isFrame)) && SameLength(outputs))
        {
            WriteRecords(output, outputs);
        }
        else if (outputs.Count == 1 && (signature.Flavor == "keras" || signature.ModelType.Contains("keras", StringComparison.Ordinal)))
        {
            new NestedTensorWriter(outputs[0], base64: false).WriteWhole(output);
        }
        else
        {
            WriteNamed(output, outputs);
        }

        output.Write("}"u8);
    }

    // One value a row is a flat list; of the two probabilities of a booster with two classes the second is its prediction.
    private Tensor Plain(Tensor tensor)
    {
        if (tensor.Shape.Rank != 2 || signature.PredictFunction is not "predict")
        {
            return tensor;
        }

        bool keeps = signature.Outputs is [{ Shape.Length: 2 }];
        if (tensor.Shape[1] == 1 && !keeps)
        {
            return new Tensor(tensor.Name, tensor.DataType, new TensorShape(tensor.Shape[0]), tensor.Data);
        }

        int size = tensor.DataType.ElementSize();
        if (!IsBooster || tensor.Name != "probabilities" || tensor.Shape[1] != 2 || size == 0)
        {
            return tensor;
        }

        byte[] second = new byte[tensor.Shape[0] * size];
        for (int row = 0; row < tensor.Shape[0]; row++)
        {
            tensor.Data.Span.Slice(((2 * row) + 1) * size, size).CopyTo(second.AsSpan(row * size));
        }

        return new Tensor(tensor.Name, tensor.DataType, new TensorShape(tensor.Shape[0]), second);
    }

    private static bool SameLength(IReadOnlyList<Tensor> outputs) => outputs.All(tensor => tensor.ElementCount == outputs[0].ElementCount);

    private static void WriteRecords(IBufferWriter<byte> output, IReadOnlyList<Tensor> outputs)
    {
        NestedTensorWriter[] cells = [.. outputs.Select(static tensor =>
            new NestedTensorWriter(new Tensor(tensor.Name, tensor.DataType, new TensorShape(tensor.ElementCount), tensor.Data), base64: false))];
        output.Write("["u8);
        for (long row = 0; row < outputs[0].ElementCount; row++)
        {
            output.Write(row == 0 ? "{"u8 : ",{"u8);
            for (int column = 0; column < cells.Length; column++)
            {
                output.Write(column == 0 ? ""u8 : ","u8);
                JsonText.Write(output, outputs[column].Name);
                output.Write(":"u8);
                cells[column].WriteRow(output);
            }

            output.Write("}"u8);
        }

        output.Write("]"u8);
    }

    private static void WriteNamed(IBufferWriter<byte> output, IReadOnlyList<Tensor> outputs)
    {
        output.Write("{"u8);
        for (int index = 0; index < outputs.Count; index++)
        {
            output.Write(index == 0 ? ""u8 : ","u8);
            JsonText.Write(output, outputs[index].Name);
            output.Write(":"u8);
            new NestedTensorWriter(outputs[index], base64: false).WriteWhole(output);
        }

        output.Write("}"u8);
    }
}
