using System.Text;
using Slipway.Core;
using Slipway.Formats.Boosters;

namespace Slipway.Formats.CatBoost;

/// <summary>
/// What a model says of itself, in every encoding the same: its loss and its classes. Values that are documents themselves may be given as such or as their text.
/// </summary>
internal sealed class CatBoostInfo
{
    private CatBoostInfo(string loss, IReadOnlyList<object?> classes)
    {
        Loss = loss;
        Classes = classes;
    }

    /// <summary>Name of the loss; empty when it is not said.</summary>
    public string Loss { get; }

    /// <summary>Classes in the order of the sums; empty when there are none or they are 0, 1, 2 ….</summary>
    public IReadOnlyList<object?> Classes { get; }

    /// <summary>Reads it.</summary>
    /// <param name="info">The object.</param>
    /// <param name="dimensions">Sums that a row has.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: a threshold of its own, or classes that no sum stands for.</exception>
    public static CatBoostInfo Read(ModelNode info, int dimensions)
    {
        if (info.TryGet("binclass_probability_threshold", out ModelNode threshold) && threshold.Number != 0.5)
        {
            throw new SlipwayException(ErrorCode.NotSupported, "the CatBoost model has a probability threshold of its own, which is not converted; set it to 0.5");
        }

        List<object?> classes = ClassesOf(info, Math.Max(dimensions, 2));
        string loss = LossOf(info);

        if (loss == "RMSEWithUncertainty" && dimensions != 2)
        {
            throw info.Invalid($"has the loss {loss} with {dimensions} sums");
        }

        // CatBoost itself takes a model of classes without a loss so.
        return new CatBoostInfo(loss.Length > 0 || classes.Count == 0 ? loss : dimensions == 1 ? "Logloss" : "MultiClass", classes);
    }

    private static string LossOf(ModelNode info)
    {
        ModelNode holder = Document(info, "params") ?? info;
        if ((Document(info, "loss_function") ?? Document(holder, "loss_function")) is { } loss && loss.TryGet("type", out ModelNode type))
        {
            return type.Text;
        }

        return "";
    }

    private static List<object?> ClassesOf(ModelNode info, int count)
    {
        foreach (string name in new[] { "class_params", "multiclass_params" })
        {
            if (Document(info, name) is not { } parameters)
            {
                continue;
            }

            List<object?> names = Plain(parameters, "class_names");
            List<object?> labels = Plain(parameters, "class_to_label");
            if (parameters.NumberOr("classes_count", 0) is > 0 and var wanted && wanted != count)
            {
                throw OtherClasses(wanted, count);
            }

            if (names.Count > 0 && labels.Count == names.Count && labels.Index().Any(static label => label.Item is double number && number != label.Index && number == Math.Floor(number)))
            {
                throw new SlipwayException(ErrorCode.NotSupported, "the CatBoost model numbers its classes in an order of its own, which is not converted");
            }

            // Before classes had names, their numbers stood here.
            List<object?> classes = names.Count > 0 ? names : labels;
            return classes.Count == 0 || classes.Count == count ? classes : throw OtherClasses(classes.Count, count);
        }

        List<object?> given = Document(info, "params") is { } all && all.TryGet("data_processing_options", out ModelNode options) ? Plain(options, "class_names") : [];
        return given.Count == count ? given : [];
    }

    private static SlipwayException OtherClasses(double classes, int sums) =>
        new(ErrorCode.NotSupported, $"the CatBoost model has {classes} classes, of which training saw {sums}, which is not converted; train it on all of its classes");

    // A member that is an object, or the text of one.
    private static ModelNode? Document(ModelNode info, string name)
    {
        if (!info.TryGet(name, out ModelNode member))
        {
            return null;
        }

        return member.Value switch
        {
            Dictionary<string, object?> => member,
            string text when text.TrimStart().StartsWith('{') => JsonDocumentReader.Read(Encoding.UTF8.GetBytes(text), "CatBoost") with { Path = member.Path },
            _ => null,
        };
    }

    private static List<object?> Plain(ModelNode holder, string name) => !holder.TryGet(name, out ModelNode names) ? [] : names.Value switch
    {
        double[] numbers => [.. numbers.Select(static number => (object?)number)],
        List<object?> list => list,
        _ => [],
    };
}
