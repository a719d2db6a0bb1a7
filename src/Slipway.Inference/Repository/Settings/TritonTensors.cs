using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Files;
using Slipway.Inference.Repository.TextFormat;

namespace Slipway.Inference.Repository.Settings;

/// <summary>
/// Reads <c>input</c> and <c>output</c> of <c>config.pbtxt</c>. With <c>max_batch_size</c> above 0 the written dimensions leave the batch out; here they get it
/// back as a first dimension of any size.
/// </summary>
internal sealed class TritonTensors(TextFields fields, ConfigReader reader, ModelFolder folder, bool isBatching, Action<string> notice)
{
    private const int MaxRank = 64;

    private readonly Dictionary<string, IReadOnlyList<string>> _labels = new(StringComparer.Ordinal);

    /// <summary>Class names read from label files, by output; filled by <see cref="ReadOutputs"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Labels => _labels;

    public IReadOnlyList<TensorSignature> ReadInputs() => Read("input");

    public IReadOnlyList<TensorSignature> ReadOutputs() => Read("output");

    private List<TensorSignature> Read(string field)
    {
        List<TensorSignature> tensors = [];
        foreach (TextFields tensor in fields.Messages(field))
        {
            if (ReadOne(tensor, field == "input") is not { } signature)
            {
                continue;
            }

            if (tensors.Any(other => other.Name == signature.Name))
            {
                tensor.Refuse("name", $"two {field}s are named '{signature.Name}'");
            }
            else
            {
                tensors.Add(signature);
            }
        }

        return tensors;
    }

    private TensorSignature? ReadOne(TextFields tensor, bool isInput)
    {
        string name = tensor.Text("name") ?? "";
        TensorDataType? type = TritonTypes.Read(tensor, "data_type");
        IReadOnlyList<long>? dimensions = ReadDimensions(tensor, "dims");
        bool optional = isInput && (tensor.Bool("optional") ?? false);
        if (name.Length == 0)
        {
            tensor.Refuse("name", "a name is expected");
        }

        if (dimensions is { Count: 0 } && !isBatching)
        {
            tensor.Refuse("dims", "dimensions are expected");
        }

        CheckReshape(tensor, name, dimensions);
        NoticeTuning(tensor, name, isInput);
        if (!isInput)
        {
            ReadLabels(tensor, name);
        }

        tensor.Finish();
        return type is null || dimensions is null || name.Length == 0
            ? null
            : new TensorSignature(name, type.Value, new TensorShape(isBatching ? [-1, .. dimensions] : [.. dimensions])) { IsOptional = optional };
    }

    private static IReadOnlyList<long>? ReadDimensions(TextFields tensor, string field)
    {
        IReadOnlyList<long> dimensions = tensor.Integers(field);
        if (dimensions.Count > MaxRank)
        {
            tensor.Refuse(field, $"at most {MaxRank} dimensions are allowed");
            return null;
        }

        if (dimensions.All(static size => size is -1 or >= 1))
        {
            return dimensions;
        }

        tensor.Refuse(field, "every dimension must be 1 or more, or -1 for any size");
        return null;
    }

    private void CheckReshape(TextFields tensor, string name, IReadOnlyList<long>? dimensions)
    {
        if (tensor.Message("reshape") is not { } reshape)
        {
            return;
        }

        IReadOnlyList<long>? shape = ReadDimensions(reshape, "shape");
        reshape.Finish();
        if (shape is null || dimensions is null || shape.SequenceEqual(dimensions))
        {
            return;
        }

        if (shape.Count == 0 && !isBatching)
        {
            tensor.Refuse("reshape", $"'{name}' can't become a scalar in a model without a batch dimension");
        }
        else if (shape.Count(static size => size == -1) != dimensions.Count(static size => size == -1))
        {
            tensor.Refuse("reshape", $"dims and reshape of '{name}' have different numbers of dimensions of any size");
        }
        else if (!Segments(shape).SequenceEqual(Segments(dimensions)))
        {
            tensor.Refuse("reshape", $"dims and reshape of '{name}' have different numbers of elements");
        }
        else
        {
            tensor.Refuse("reshape", $"'{name}' would be reshaped, which is not done here: declare the model's own shape and send that");
        }
    }

    // The products between the dimensions of any size: these alone can be compared.
    private static List<Int128> Segments(IReadOnlyList<long> shape)
    {
        List<Int128> products = [1];
        foreach (long size in shape)
        {
            if (size == -1)
            {
                products.Add(1);
            }
            else
            {
                // Two wrong shapes that overflow alike are still refused: a reshape never passes.
                products[^1] = unchecked(products[^1] * size);
            }
        }

        return products;
    }

    private void NoticeTuning(TextFields tensor, string name, bool isInput)
    {
        if (isInput && tensor.Word("format", "FORMAT_NONE", "FORMAT_NHWC", "FORMAT_NCHW") is { } format and not "FORMAT_NONE")
        {
            notice($"format {format} of input '{name}' is not checked");
        }

        if (isInput && tensor.Bool("allow_ragged_batch") == true)
        {
            notice($"allow_ragged_batch of input '{name}' means nothing here: rows of different shape are run apart");
        }

        if (tensor.Bool("is_shape_tensor") == true)
        {
            tensor.Refuse("is_shape_tensor", "shape tensors are not supported");
        }

        if (tensor.Bool("is_non_linear_format_io") == true)
        {
            tensor.Refuse("is_non_linear_format_io", "non-linear formats are not supported");
        }
    }

    private void ReadLabels(TextFields tensor, string name)
    {
        if (tensor.Text("label_filename") is not { Length: > 0 } file)
        {
            return;
        }

        try
        {
            _labels[name] = folder.ReadLines(file);
        }
        catch (SlipwayException fault)
        {
            reader.Report(new ConfigProblem($"{tensor.Key}.label_filename", fault.Message, 0, 0));
        }
    }
}
