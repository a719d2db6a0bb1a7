using Slipway.Core;

namespace Slipway.Formats.MLmodel;

/// <summary>The flavor that a version is served in, and the file that holds it.</summary>
/// <param name="Name">Name of the flavor.</param>
/// <param name="MainFile">Name of the model's file within the version.</param>
internal readonly record struct MLmodelFlavor(string Name, string MainFile)
{
    // What says most about the model first; within a flavor the keys that name its file or folder.
    private static readonly (string Flavor, string[] Keys)[] Known =
    [
        ("onnx", ["data"]),
        ("sklearn", ["pickled_model"]),
        ("xgboost", ["data"]),
        ("lightgbm", ["data", "lgb_model"]),
        ("catboost", ["data"]),
        ("pmml", ["data"]),
        ("tensorflow", ["saved_model_dir", "data"]),
        ("keras", ["data"]),
    ];

    private static readonly string[] InFolder =
        ["", "/saved_model.pb", "/model.keras", "/model.h5", "/model/saved_model.pb", "/model/model.keras", "/model.onnx", "/model.pkl", "/model.pmml"];

    /// <summary>Finds the first flavor whose file is there.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.NotSupported"/> when the flavors are none of those served, <see cref="ErrorCode.InvalidModel"/> when a file is missing.
    /// </exception>
    public static MLmodelFlavor Find(MLmodelFile model, IReadOnlyList<ModelFile> files)
    {
        HashSet<string> names = [.. files.Select(static file => file.Name)];
        string? missing = null;
        foreach ((string flavor, string[] keys) in Known)
        {
            foreach (string key in keys)
            {
                if (model.Setting(flavor, key) is not { Length: > 0 } path)
                {
                    continue;
                }

                string trimmed = path.TrimEnd('/');
                if (Array.Find(InFolder, suffix => names.Contains(trimmed + suffix)) is { } found)
                {
                    return new MLmodelFlavor(flavor, trimmed + found);
                }

                missing ??= $"flavor '{flavor}' of 'MLmodel' names '{path}', which the version does not have";
            }
        }

        throw missing is not null
            ? new SlipwayException(ErrorCode.InvalidModel, missing)
            : new SlipwayException(
                ErrorCode.NotSupported,
                $"'MLmodel' has the flavors {string.Join(", ", model.Flavors.Select(static name => $"'{name}'"))}: served are {string.Join(", ", Known.Select(static known => known.Flavor))}; "
                    + "code of one's own (python_function alone) is never run");
    }
}
