using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>The body of a <c>:predict</c>.</summary>
internal sealed class PredictBody
{
    private PredictBody(IReadOnlyList<Tensor> inputs, bool rows, ServableInfo servable)
    {
        Inputs = inputs;
        IsRows = rows;
        Servable = servable;
    }

    /// <summary>The inputs; they are the caller's.</summary>
    public IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>Whether the request, and so the answer, is row by row.</summary>
    public bool IsRows { get; }

    /// <summary>The version by the signature that the request names.</summary>
    public ServableInfo Servable { get; }

    /// <summary>Reads a body. What stands behind the object is not looked at, as in TensorFlow Serving.</summary>
    /// <exception cref="MalformedJsonException">Not JSON.</exception>
    /// <exception cref="SlipwayException">Understood, and refused.</exception>
    public static PredictBody Read(ReadOnlySpan<byte> json, ServableInfo servable)
    {
        // Values are read as the signature has them, and its name may stand behind them; most models have but one.
        string name = servable.Signatures.Count == 0 ? "" : SignatureNameReader.Find(json);
        ServableInfo target = ServingSignature.Find(servable, name) ?? throw NotFound(ServingSignature.Resolve(name));
        if (ExampleForm.Of(target.Signature) is not { } form)
        {
            return Read(json, servable, target, target.Signature);
        }

        try
        {
            PredictBody declared = Read(json, servable, target, form.Declared);
            Tensor[] features = ExampleInputs.ToTensors(ExampleForm.Parse(declared.Inputs[0]), target.Signature);
            declared.Inputs[0].Dispose();
            return new PredictBody(features, declared.IsRows, target);
        }
        catch (SlipwayException refusal) when (refusal.Code is ErrorCode.InvalidRequest)
        {
            // The features themselves, under their own names, are taken as well.
            return TryReadFeatures(json, servable, target) ?? throw new SlipwayException(refusal.Code, refusal.Message, refusal);
        }
    }

    private static PredictBody? TryReadFeatures(ReadOnlySpan<byte> json, ServableInfo servable, ServableInfo target)
    {
        try
        {
            return Read(json, servable, target, target.Signature);
        }
        catch (SlipwayException)
        {
            return null;
        }
    }

    private static PredictBody Read(ReadOnlySpan<byte> json, ServableInfo servable, ServableInfo target, ModelSignature signature)
    {
        JsonCursor cursor = new(json);
        if (!cursor.TryTake((byte)'{'))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "JSON Value: the request Is not object");
        }

        List<Tensor>? inputs = null;
        bool rows = false;
        bool named = false;
        try
        {
            bool first = true;
            while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
            {
                bool isRows = key.SequenceEqual("instances"u8);
                if (isRows || key.SequenceEqual("inputs"u8))
                {
                    if (inputs is not null)
                    {
                        throw new SlipwayException(ErrorCode.InvalidRequest, "Not formatted correctly: expected one 'instances' or one 'inputs' key, not two");
                    }

                    inputs = isRows ? InstancesReader.Read(ref cursor, signature) : ColumnsReader.Read(ref cursor, signature);
                    rows = isRows;
                }
                else if (key.SequenceEqual("signature_name"u8))
                {
                    if (named)
                    {
                        cursor.Fail("the key 'signature_name' for the second time");
                    }

                    named = true;
                    CheckSignature(ref cursor, servable);
                }
                else
                {
                    cursor.SkipValue();
                }
            }

            return new PredictBody(inputs ?? throw new SlipwayException(ErrorCode.InvalidRequest, "Missing 'inputs' or 'instances' key"), rows, target);
        }
        catch
        {
            inputs?.ForEach(static tensor => tensor.Dispose());
            throw;
        }
    }

    private static void CheckSignature(ref JsonCursor cursor, ServableInfo servable)
    {
        if (cursor.Peek() != '"')
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "'signature_name' key must be a string value.");
        }

        string name = System.Text.Encoding.UTF8.GetString(cursor.ReadString());
        if (ServingSignature.Find(servable, name) is null)
        {
            throw NotFound(name);
        }
    }

    private static SlipwayException NotFound(string name) => new(ErrorCode.InvalidRequest, $"Serving signature name: \"{name}\" not found in signature def");
}
