using System.Buffers;
using System.IO.Pipelines;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protobuf;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>
/// An answer as a ModelInferResponse, alone or as the part of a ModelStreamInferResponse. Outputs go out as raw contents, always and one entry for each:
/// that is what clients read. Their bytes are copied once, into the response's pipe.
/// </summary>
internal readonly struct InferResponseMessage : IGrpcMessage
{
    // One segment of the server's pipe.
    private const int SmallMessage = 4096;
    private const int FlushBytes = 64 << 10;
    private const int MaxVersionLength = 20;
    private const int StreamField = 2;
    private const string FinalResponse = "triton_final_response";

    private readonly InferenceResponse _response;
    private readonly IReadOnlyList<Tensor> _outputs;
    private readonly string _id;
    private readonly bool _streamed;
    private readonly int _responseLength;
    private readonly int _headLength;

    /// <param name="response">The answer, which stays the caller's.</param>
    /// <param name="outputs">The outputs as they are to be sent; the answer's own unless some were classified.</param>
    /// <param name="id">The caller's id; empty for none.</param>
    /// <param name="streamed">Whether the answer is one of a stream.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PayloadTooLarge"/> beyond what a message can hold.</exception>
    public InferResponseMessage(InferenceResponse response, IReadOnlyList<Tensor> outputs, string id, bool streamed)
    {
        _response = response;
        _outputs = outputs;
        _id = id;
        _streamed = streamed;

        // Raw contents come last, so the head is everything in front of them.
        long head = ProtobufSize.String(1, response.Servable.ModelName) + ProtobufSize.Delimited(2, FormatVersion(stackalloc byte[MaxVersionLength]))
            + ProtobufSize.String(3, id);
        foreach ((string name, ParameterValue value) in response.Parameters)
        {
            head += InferParameterWriter.Size(4, name, value);
        }

        if (streamed)
        {
            head += InferParameterWriter.Size(4, FinalResponse, ParameterValue.Of(true));
        }

        long total = head;
        for (int i = 0; i < outputs.Count; i++)
        {
            long size = ProtobufSize.Tag(5) + SizeOfDelimited(OutputLength(outputs[i]));
            head += size;
            total += size + ProtobufSize.Tag(6) + SizeOfDelimited(outputs[i].Data.Length);
        }

        long length = streamed ? total + ProtobufSize.Tag(StreamField) + ProtobufSize.Varint((ulong)total) : total;
        if (length > int.MaxValue)
        {
            throw new SlipwayException(ErrorCode.PayloadTooLarge, "the answer is larger than a gRPC message can be; ask for fewer outputs");
        }

        _responseLength = (int)total;
        _headLength = (int)(head + (length - total));
        Length = (int)length;
    }

    /// <inheritdoc/>
    public int Length { get; }

    /// <inheritdoc/>
    public ValueTask WriteToAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        if (Length > SmallMessage)
        {
            return WriteLargeAsync(writer, cancellationToken);
        }

        ProtobufWriter message = new(writer.GetSpan(Length));
        WriteHead(ref message);
        for (int i = 0; i < _outputs.Count; i++)
        {
            message.WriteHead(6, _outputs[i].Data.Length);
            message.WriteRaw(_outputs[i].Data.Span);
        }

        writer.Advance(message.Position);
        return ValueTask.CompletedTask;
    }

    private async ValueTask WriteLargeAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        WriteHead(writer);
        for (int i = 0; i < _outputs.Count; i++)
        {
            ReadOnlyMemory<byte> data = _outputs[i].Data;
            WriteRawHead(writer, data.Length);
            while (data.Length > FlushBytes)
            {
                await writer.WriteAsync(data[..FlushBytes], cancellationToken);
                data = data[FlushBytes..];
            }

            writer.Write(data.Span);
        }
    }

    private void WriteHead(PipeWriter writer)
    {
        ProtobufWriter message = new(writer.GetSpan(_headLength));
        WriteHead(ref message);
        writer.Advance(message.Position);
    }

    private static void WriteRawHead(PipeWriter writer, int length)
    {
        ProtobufWriter message = new(writer.GetSpan(16));
        message.WriteHead(6, length);
        writer.Advance(message.Position);
    }

    private void WriteHead(ref ProtobufWriter message)
    {
        if (_streamed)
        {
            message.WriteHead(StreamField, _responseLength);
        }

        message.WriteString(1, _response.Servable.ModelName);
        Span<byte> version = stackalloc byte[MaxVersionLength];
        version = version[..FormatVersion(version)];
        message.WriteHead(2, version.Length);
        message.WriteRaw(version);
        message.WriteString(3, _id);
        foreach ((string name, ParameterValue value) in _response.Parameters)
        {
            InferParameterWriter.Write(ref message, 4, name, value);
        }

        if (_streamed)
        {
            InferParameterWriter.Write(ref message, 4, FinalResponse, ParameterValue.Of(true));
        }

        for (int i = 0; i < _outputs.Count; i++)
        {
            WriteOutput(ref message, _outputs[i]);
        }
    }

    private static void WriteOutput(ref ProtobufWriter message, Tensor output)
    {
        message.WriteHead(5, OutputLength(output));
        message.WriteString(1, output.Name);
        message.WriteString(2, output.DataType.ToName());
        if (output.Shape.Rank > 0)
        {
            message.WriteHead(3, ShapeLength(output.Shape));
            foreach (long dimension in output.Shape.Dimensions)
            {
                message.WriteVarint((ulong)dimension);
            }
        }
    }

    private static int OutputLength(Tensor output)
    {
        int shape = output.Shape.Rank == 0 ? 0 : ProtobufSize.Delimited(3, ShapeLength(output.Shape));
        return ProtobufSize.String(1, output.Name) + ProtobufSize.String(2, output.DataType.ToName()) + shape;
    }

    private static int ShapeLength(TensorShape shape)
    {
        int length = 0;
        foreach (long dimension in shape.Dimensions)
        {
            length += ProtobufSize.Varint((ulong)dimension);
        }

        return length;
    }

    private static long SizeOfDelimited(int length) => ProtobufSize.Varint((uint)length) + (long)length;

    private int FormatVersion(Span<byte> target) =>
        _response.Servable.Version.TryFormat(target, out int written, default, System.Globalization.CultureInfo.InvariantCulture) ? written : 0;
}
