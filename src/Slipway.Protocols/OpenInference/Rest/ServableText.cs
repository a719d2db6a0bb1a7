using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>The parts of a version's answers that are the same every time, written once.</summary>
internal sealed class ServableText
{
    private static readonly ConditionalWeakTable<ServableInfo, ServableText> Known = [];

    private readonly ServableInfo _servable;
    private readonly byte[][] _outputs;

    private ServableText(ServableInfo servable)
    {
        _servable = servable;
        Model = Build(output =>
        {
            output.Write("\"model_name\":"u8);
            JsonText.Write(output, servable.ModelName);
            output.Write(",\"model_version\":\""u8);
            output.Write(System.Text.Encoding.UTF8.GetBytes(servable.Version.ToString(CultureInfo.InvariantCulture)));
            output.Write("\""u8);
        });
        _outputs = [.. servable.Signature.Outputs.Select(static tensor => OutputHead(tensor.Name, tensor.DataType))];
    }

    /// <summary><c>"model_name":"…","model_version":"…"</c></summary>
    public byte[] Model { get; }

    /// <summary>The text of a version; kept as long as the version is.</summary>
    public static ServableText Of(ServableInfo servable) => Known.GetValue(servable, static key => new ServableText(key));

    /// <summary><c>{"name":"…","datatype":"…","shape":[</c> of an output.</summary>
    public ReadOnlySpan<byte> OutputHead(Tensor output)
    {
        int index = _servable.Signature.IndexOfOutput(output.Name);
        return index >= 0 && _servable.Signature.Outputs[index].DataType == output.DataType
            ? _outputs[index]
            : OutputHead(output.Name, output.DataType);
    }

    private static byte[] OutputHead(string name, TensorDataType dataType) => Build(output =>
    {
        output.Write("{\"name\":"u8);
        JsonText.Write(output, name);
        output.Write(",\"datatype\":\""u8);
        output.Write(System.Text.Encoding.ASCII.GetBytes(dataType.ToName()));
        output.Write("\",\"shape\":["u8);
    });

    private static byte[] Build(Action<ArrayBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> buffer = new(64);
        write(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
