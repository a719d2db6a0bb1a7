using Slipway.Core;

namespace Slipway.Protocols.TensorFlowServing;

/// <summary>
/// Turns examples, which are rows of named features, into a model's inputs. A feature goes to the input of its name, all its values being one row of it.
/// A model with a single <c>[N, F]</c> input and known names of its features takes one value of each, in their order; one that is missing is NaN there, but an
/// example that has none of them is refused, unless all have the input itself.
/// Features that the model does not know are left out; those that an example lacks have the default that the model names for them, if any.
/// </summary>
internal static class ExampleInputs
{
    // What examples may make in memory: a row of a wide model takes more than the few bytes that an empty example does.
    private const long MaxBytes = 256L << 20;

    /// <summary>Makes the inputs, which live in memory of their own.</summary>
    /// <param name="rows">The examples.</param>
    /// <param name="signature">What the model takes.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when features are missing, uneven or of the wrong kind.</exception>
    public static Tensor[] ToTensors(IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> rows, ModelSignature signature)
    {
        if (rows.Count == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "Input is empty: at least one example is needed");
        }

        if (FeatureNames(signature) is { } names && !IsWhole(rows, signature.Inputs[0], names))
        {
            return [ReadColumns(rows, signature.Inputs[0], names)];
        }

        ExampleForm? form = ExampleForm.Of(signature);
        return [.. signature.Inputs.Where(input => !input.IsOptional || rows[0].ContainsKey(input.Name)).Select(input => ReadAny(rows, input, form))];
    }

    private static IReadOnlyList<string>? FeatureNames(ModelSignature signature) =>
        signature.Inputs is [{ Shape.Rank: 2 }] && ModelMetadata.FeatureNames(signature.Metadata) is { Count: > 0 } names ? names : null;

    private static bool IsWhole(IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> rows, TensorSignature input, IReadOnlyList<string> names) =>
        !names.Contains(input.Name) && rows.All(row => row.ContainsKey(input.Name) && !names.Any(row.ContainsKey));

    private static Tensor ReadColumns(IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> rows, TensorSignature input, IReadOnlyList<string> names)
    {
        ExampleValues values = new(input, MaxBytes);
        for (int row = 0; row < rows.Count; row++)
        {
            if (!names.Any(rows[row].ContainsKey))
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"example {row}: it has none of the model's features: {Listed(names)}");
            }

            foreach (string name in names)
            {
                if (!rows[row].TryGetValue(name, out ExampleFeature feature) || feature.Count == 0)
                {
                    values.AddMissing(name, row);
                    continue;
                }

                if (feature.Count != 1)
                {
                    throw new SlipwayException(ErrorCode.InvalidRequest, $"example {row}: feature '{name}' must have one value, has {feature.Count}");
                }

                values.Add(name, row, feature);
            }
        }

        return values.ToTensor(new TensorShape(rows.Count, names.Count));
    }

    private static string Listed(IReadOnlyList<string> names)
    {
        const int shown = 8;
        string list = string.Join(", ", names.Take(shown).Select(static name => $"'{name}'"));
        return names.Count > shown ? $"{list} and {names.Count - shown} more" : list;
    }

    private static Tensor ReadAny(IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> rows, TensorSignature input, ExampleForm? form)
    {
        ExampleFeature padding = default;
        return form?.FeatureOfLength(input.Name) is { } measured && !rows.Any(row => row.ContainsKey(input.Name)) ? ReadLengths(rows, input, measured)
            : form?.TryGetPadding(input.Name, out padding) is true ? ReadPadded(rows, input, padding)
            : ReadInput(rows, input, form);
    }

    // How many values each row has.
    private static Tensor ReadLengths(IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> rows, TensorSignature input, string feature)
    {
        ExampleValues values = new(input, MaxBytes);
        for (int row = 0; row < rows.Count; row++)
        {
            values.Add(input.Name, row, ExampleFeature.Of([rows[row].TryGetValue(feature, out ExampleFeature given) ? given.Count : 0L]));
        }

        return values.ToTensor(new TensorShape(rows.Count));
    }

    // Rows as long as the longest of them.
    private static Tensor ReadPadded(IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> rows, TensorSignature input, ExampleFeature padding)
    {
        ExampleValues values = new(input, MaxBytes);
        int step = 1;
        for (int i = 2; i < input.Shape.Rank; i++)
        {
            step *= (int)Math.Clamp(input.Shape[i], 1, MaxBytes);
        }

        int longest = rows.Max(row => row.TryGetValue(input.Name, out ExampleFeature given) ? given.Count : 0);
        ExampleFeature filling = padding.Count == 1 ? padding : input.DataType == TensorDataType.String ? ExampleFeature.Of([ReadOnlyMemory<byte>.Empty]) : ExampleFeature.Of([0L]);
        for (int row = 0; row < rows.Count; row++)
        {
            rows[row].TryGetValue(input.Name, out ExampleFeature given);
            if (given.Count % step != 0)
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"example {row}: feature '{input.Name}' has {given.Count} values, which are no multiple of the {step} of a step");
            }

            values.Add(input.Name, row, given);
            for (int i = given.Count; i < longest; i++)
            {
                values.Add(input.Name, row, filling);
            }
        }

        long[] shape = input.Shape.Dimensions.ToArray();
        (shape[0], shape[1]) = (rows.Count, longest / step);
        return values.ToTensor(new TensorShape(shape));
    }

    private static Tensor ReadInput(IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> rows, TensorSignature input, ExampleForm? form)
    {
        ExampleValues values = new(input, MaxBytes);
        int perRow = -1;
        for (int row = 0; row < rows.Count; row++)
        {
            bool isGiven = rows[row].TryGetValue(input.Name, out ExampleFeature feature) && feature.Count > 0;
            if (!isGiven && form?.TryGetDefault(input.Name, out feature) is not true)
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"example {row}: feature '{input.Name}' is missing");
            }

            if (!isGiven && feature.Count == 1 && OneRow(input) is > 1 and var width)
            {
                feature = feature.Repeated(width);
            }

            if (perRow >= 0 && feature.Count != perRow)
            {
                throw new SlipwayException(
                    ErrorCode.InvalidRequest, $"example {row}: feature '{input.Name}' has {feature.Count} values, those before it have {perRow}");
            }

            perRow = feature.Count;
            values.Add(input.Name, row, feature);
        }

        return values.ToTensor(ShapeOf(input, rows.Count, perRow));
    }

    // A default of one value stands for all values of a row.
    private static int OneRow(TensorSignature input)
    {
        long width = 1;
        for (int i = 1; i < input.Shape.Rank; i++)
        {
            width *= Math.Max(1, input.Shape[i]);
        }

        return (int)Math.Min(width, MaxBytes);
    }

    // The first dimension is the examples; one unknown dimension takes what the known ones leave.
    private static TensorShape ShapeOf(TensorSignature input, int rows, int perRow)
    {
        if (input.IsRankUnknown || input.Shape.Rank == 0)
        {
            return new TensorShape(rows, perRow);
        }

        long[] shape = input.Shape.Dimensions.ToArray();
        shape[0] = rows;
        long known = 1;
        int open = -1;
        for (int i = 1; i < shape.Length; i++)
        {
            if (shape[i] < 0 && open < 0)
            {
                open = i;
            }
            else
            {
                known *= shape[i] = Math.Max(1, shape[i]);
            }
        }

        if (open >= 0 && perRow % known == 0)
        {
            shape[open] = perRow / known;
            return new TensorShape(shape);
        }

        return open < 0 && known == perRow
            ? new TensorShape(shape)
            : throw new SlipwayException(
                ErrorCode.ShapeMismatch, $"feature '{input.Name}' has {perRow} values in each example, which do not fit shape {input.Shape}");
    }
}
