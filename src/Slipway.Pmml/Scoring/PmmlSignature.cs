using Slipway.Core;
using Slipway.Pmml.Compilation;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Scoring;

/// <summary>
/// The tensors of a plan: one named input for each field, one named output for each value. Numbers are FP64 with NaN for a missing value, whole ones too,
/// because whole numbers of a tensor can't be missing; everything else is text, and the empty text is missing.
/// </summary>
internal static class PmmlSignature
{
    private const string Batch = "batch";

    /// <summary>The signature of a plan.</summary>
    public static ModelSignature Of(PmmlPlan plan, PmmlElement document) => new(
        [.. plan.Inputs.Select(InputOf)],
        [.. plan.Outputs.Select(OutputOf)])
    {
        IsBatchable = true,
        Metadata = MetadataOf(plan, document),
    };

    private static TensorSignature InputOf(PlanInput input) => input.Type.Kind == PmmlKind.Items
        ? new TensorSignature(input.Name, TensorDataType.String, new TensorShape(-1, -1)) { IsOptional = true, DimensionNames = [Batch, "items"] }
        : new TensorSignature(input.Name, TypeOf(input.Type), new TensorShape(-1)) { IsOptional = true, DimensionNames = [Batch] };

    private static TensorSignature OutputOf(OutputColumn column) => new(column.Name, TypeOf(column.Type), new TensorShape(-1)) { DimensionNames = [Batch] };

    private static TensorDataType TypeOf(PmmlType type) => type.IsCarriedAsText ? TensorDataType.String : TensorDataType.Float64;

    private static Dictionary<string, string> MetadataOf(PmmlPlan plan, PmmlElement document)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["pmml.version"] = document.Attribute("version") ?? "",
            ["pmml.model"] = plan.Model.Name,
        };
        Add("pmml.model_name", plan.Model.Attribute("modelName"));
        Add("pmml.function", plan.Model.Attribute("functionName"));
        PmmlElement? application = document.Child("Header")?.Child("Application");
        Add("producer", application?.Attribute("name"));
        Add("producer_version", application?.Attribute("version"));
        if (plan.Outputs.Any(static column => !column.IsFinal))
        {
            metadata[ModelMetadataKeys.DefaultOutputs] = TextList.Of(plan.Outputs.Where(static column => column.IsFinal).Select(static column => column.Name));
        }

        return metadata;

        void Add(string key, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                metadata[key] = value;
            }
        }
    }
}
