using System.Text;
using System.Text.Json;
using Slipway.Core;
using Slipway.Formats.Abstractions;

namespace Slipway.Formats.MLmodel;

/// <summary>What callers of MLflow's scoring protocol need to know of a version, as its metadata <see cref="ModelMetadataKeys.MLflow"/>.</summary>
internal static class MLmodelMetadata
{
    private const int PickleBytes = 64 << 20;

    // Names in a pickle of what takes missing values; all else in scikit-learn refuses them.
    private static readonly byte[][] TakesMissing =
    [
        .. ((string[])["Imputer", "HistGradientBoosting", "MissingIndicator", "OneHotEncoder", "OrdinalEncoder", "TargetEncoder", "FunctionTransformer", "xgboost", "lightgbm", "catboost"])
            .Select(Encoding.ASCII.GetBytes),
    ];

    private static readonly byte[][] Trees = [.. ((string[])["DecisionTree", "ExtraTree", "RandomForest", "Bagging"]).Select(Encoding.ASCII.GetBytes)];

    /// <summary>Writes the metadata.</summary>
    public static string Write(MLmodelFile model, MLmodelFlavor flavor, VersionFiles files)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("flavor", flavor.Name);
            WriteText(json, "predict_fn", model.Setting("python_function", "predict_fn"));
            WriteText(json, "model_class", model.Setting(flavor.Name, "model_class"));
            WriteText(json, "model_type", model.Setting(flavor.Name, "model_type"));
            json.WriteBoolean("missing_values", flavor.Name != "sklearn" || MayTakeMissing(model, files));
            WriteJson(json, "inputs", model.InputsJson);
            WriteJson(json, "outputs", model.OutputsJson);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteJson(Utf8JsonWriter json, string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            json.WritePropertyName(name);
            document.RootElement.WriteTo(json);
        }
        catch (JsonException broken)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the signature's '{name}' in 'MLmodel' is not valid JSON", broken);
        }
    }

    // A compressed or very large pickle is given the benefit of the doubt.
    private static bool MayTakeMissing(MLmodelFile model, VersionFiles files)
    {
        VersionFile main = files.Open(files.MainFile);
        if (main.Length > PickleBytes)
        {
            return true;
        }

        byte[] bytes = main.ReadHead((int)main.Length);
        bool treesToo = System.Version.TryParse(model.Setting("sklearn", "sklearn_version"), out System.Version? version) && version >= new System.Version(1, 3);
        return bytes is not [0x80, ..]
            || Array.Exists(TakesMissing, name => bytes.AsSpan().IndexOf(name) >= 0)
            || (treesToo && Array.Exists(Trees, name => bytes.AsSpan().IndexOf(name) >= 0));
    }
}
