namespace Slipway.Keras.Models;

/// <summary>A layer as the model's configuration describes it.</summary>
/// <param name="Name">Its name, unique in its model.</param>
/// <param name="ClassName">Its class, without the module; operations of Keras 3 have the prefix <c>ops.</c>.</param>
/// <param name="Config">Its arguments.</param>
/// <param name="KerasMajor">First number of the version of Keras that wrote it: some layers compute otherwise in 3 than before.</param>
internal sealed record LayerConfig(string Name, string ClassName, ConfigNode Config, int KerasMajor)
{
    /// <summary>For messages.</summary>
    public string Title => $"layer '{Name}' ({ClassName})";

    /// <summary>Whether its trainable weights come first in legacy files.</summary>
    public bool IsTrainable => Config.Flag("trainable", true);

    /// <summary>Whether images have their channels first.</summary>
    /// <exception cref="Core.SlipwayException">It names an order that Keras does not have.</exception>
    public bool IsChannelsFirst => Config.Text("data_format", "channels_last") switch
    {
        "channels_last" or "tf" => false,
        "channels_first" or "th" => true,
        var other => throw Config.Wrong("data_format", $"channels_last or channels_first instead of {other}"),
    };

    /// <summary>The layer can't be converted because of an option.</summary>
    public Core.SlipwayException NotSupported(string why) => KerasFault.NotSupported($"{Title} can't be converted: {why}; export the model to ONNX instead");

    /// <summary>The layer's configuration does not fit its inputs or weights.</summary>
    public Core.SlipwayException Invalid(string why) => KerasFault.Invalid($"{Title}: {why}");
}
