using Slipway.Core;

namespace Slipway.Server.Options;

/// <summary>Which models are served and what they may take.</summary>
public sealed class ModelsOptions
{
    /// <summary>Folder of models; null (default): <c>models</c> in the current folder where there is one, else no models.</summary>
    public string? Path { get; set; }

    /// <summary>
    /// A list of models in TensorFlow Serving's form (<c>model_config_list</c>, what its <c>--model_config_file</c> takes), served beside the folder; null (default): none.
    /// </summary>
    public string? TensorflowServingConfig { get; set; }

    /// <summary>How models are served that say nothing themselves; the keys are those of <c>model.yaml</c>.</summary>
    public ModelConfig Defaults { get; set; } = ModelConfig.Default;

    /// <summary>Whether the folder is watched for changes. Default true; false reads it once, and again when a model is loaded by hand.</summary>
    public bool Watch { get; set; } = true;

    /// <summary>Time between two looks at the folder; file system events cut it short. Default 1 s, TensorFlow Serving's.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long files must have stayed as they are before they are loaded. Default 1 s.</summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether models that had to be converted are kept as ONNX under the data folder, so that they load faster the next time. Default true; needs a data folder.</summary>
    public bool KeepConverted { get; set; } = true;

    /// <summary>Most bytes that kept conversions may take together; those not used for longest go first. Default 4 GiB.</summary>
    public long MaxConvertedBytes { get; set; } = 4L << 30;

    /// <summary>Models loaded at the same time. Default 1: loading uses every core for a moment, and requests come first.</summary>
    public int ParallelLoads { get; set; } = 1;

    /// <summary>Most bytes that loaded models may take together; 0 (default): no bound. Only models loaded on demand are evicted.</summary>
    public long MaxResidentBytes { get; set; }

    /// <summary>Most versions in memory at once; 0 (default): no bound. Only models loaded on demand are evicted.</summary>
    public int MaxResident { get; set; }
}
