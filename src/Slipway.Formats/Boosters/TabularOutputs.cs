using System.Text;
using System.Text.Json;
using Slipway.Core;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.Boosters;

/// <summary>Names the outputs of a converted model and writes the metadata that goes with them.</summary>
internal sealed class TabularOutputs(GraphBuilder graph)
{
    private readonly List<string> _defaults = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _labels = new(StringComparer.Ordinal);

    /// <summary>Adds an output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="edge">Its value.</param>
    /// <param name="isDefault">Whether it is given when none is asked for.</param>
    /// <param name="labels">Classes that its last dimension runs over.</param>
    public void Add(string name, Edge edge, bool isDefault, IReadOnlyList<string>? labels = null)
    {
        graph.Output(edge, name);
        if (isDefault)
        {
            _defaults.Add(name);
        }

        if (labels is not null)
        {
            _labels[name] = labels;
        }
    }

    /// <summary>Writes which outputs are default and the names of classes.</summary>
    public void WriteTo(Dictionary<string, string> metadata)
    {
        metadata[ModelMetadataKeys.DefaultOutputs] = Names(_defaults);
        if (_labels.Count > 0)
        {
            metadata[ModelMetadataKeys.OutputLabels] = Json(writer =>
            {
                writer.WriteStartObject();
                foreach ((string output, IReadOnlyList<string> labels) in _labels)
                {
                    writer.WritePropertyName(output);
                    WriteNames(writer, labels);
                }

                writer.WriteEndObject();
            });
        }
    }

    /// <summary>Names as a JSON array.</summary>
    public static string Names(IReadOnlyList<string> names) => Json(writer => WriteNames(writer, names));

    private static void WriteNames(Utf8JsonWriter writer, IReadOnlyList<string> names)
    {
        writer.WriteStartArray();
        foreach (string name in names)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
