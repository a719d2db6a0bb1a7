using System.Text;
using Slipway.Core;

namespace Slipway.Formats.MLmodel;

/// <summary>
/// An <c>MLmodel</c> file: what MLflow writes beside a model. It says in which forms (flavors) the model is there, what it takes and gives (signature), and where an example is.
/// </summary>
internal sealed class MLmodelFile
{
    /// <summary>Name of the file in the model's folder.</summary>
    public const string FileName = "MLmodel";

    /// <summary>Largest file in bytes.</summary>
    internal const int MaxBytes = 4 << 20;

    private readonly IReadOnlyDictionary<string, object?> _document;

    private MLmodelFile(IReadOnlyDictionary<string, object?> document) => _document = document;

    /// <summary>Names of the flavors.</summary>
    public IEnumerable<string> Flavors => Map("flavors")?.Keys ?? [];

    /// <summary>The inputs of the signature, JSON; null when there is none.</summary>
    public string? InputsJson => Signature("inputs");

    /// <summary>The outputs of the signature, JSON; null when unknown.</summary>
    public string? OutputsJson => Signature("outputs");

    /// <summary>The parameters of the signature, JSON; null when there are none.</summary>
    public string? ParametersJson => Signature("params");

    /// <summary>File with an example as the scoring server takes it; null when there is none.</summary>
    public string? ServingExample => Text(Map("saved_input_example_info"), "serving_input_path");

    /// <summary>File with the example as it was given; null when there is none.</summary>
    public string? InputExample => Text(Map("saved_input_example_info"), "artifact_path");

    /// <summary>What <see cref="InputExample"/> holds: <c>dataframe</c>, <c>ndarray</c>, <c>json_object</c> …; null when unknown.</summary>
    public string? InputExampleType => Text(Map("saved_input_example_info"), "type");

    /// <summary>Reads a file.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when it is no such file, or too large.</exception>
    public static MLmodelFile Read(Stream stream)
    {
        byte[] bytes = new byte[MaxBytes + 1];
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > MaxBytes)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"'{FileName}' is larger than {MaxBytes >> 20} MiB");
        }

        using StreamReader text = new(new MemoryStream(bytes, 0, length), Encoding.UTF8);
        return new MLmodelFile(MLmodelYaml.Read(text));
    }

    /// <summary>A setting of a flavor; null when the flavor or the setting is absent, or it is no text.</summary>
    public string? Setting(string flavor, string key) => Map("flavors") is { } flavors && flavors.GetValueOrDefault(flavor) is IReadOnlyDictionary<string, object?> settings
        ? Text(settings, key)
        : null;

    private string? Signature(string part) => Text(Map("signature"), part);

    private IReadOnlyDictionary<string, object?>? Map(string key) => _document.GetValueOrDefault(key) as IReadOnlyDictionary<string, object?>;

    private static string? Text(IReadOnlyDictionary<string, object?>? map, string key) => map?.GetValueOrDefault(key) as string;
}
