using System.IO.Pipelines;
using Google.Protobuf;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protobuf;
using Slipway.Protocols.Protos.TensorFlow.Serving;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>An answer as a PredictResponse.</summary>
internal readonly struct PredictResponseMessage : IGrpcMessage
{
    private const int LongestHead = 32;

    private readonly IReadOnlyList<Tensor> _outputs;
    private readonly TensorProtoWriter[] _tensors;
    private readonly ModelSpec _spec;

    /// <param name="response">The answer, which stays the caller's.</param>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.PayloadTooLarge"/> beyond what a message can hold; <see cref="ErrorCode.NotSupported"/> for four-bit outputs.
    /// </exception>
    public PredictResponseMessage(InferenceResponse response)
    {
        _outputs = response.Outputs;
        _tensors = new TensorProtoWriter[_outputs.Count];
        _spec = ModelTarget.SpecOf(response.Servable);
        int spec = _spec.CalculateSize();
        long length = ProtobufSize.Delimited(2, spec);
        for (int i = 0; i < _tensors.Length; i++)
        {
            _tensors[i] = new TensorProtoWriter(_outputs[i]);
            length += Delimited(1, EntryLength(i));
        }

        Length = length <= int.MaxValue
            ? (int)length
            : throw new SlipwayException(ErrorCode.PayloadTooLarge, "the answer is larger than a gRPC message can be; ask for fewer outputs");
    }

    /// <inheritdoc/>
    public int Length { get; }

    /// <inheritdoc/>
    public async ValueTask WriteToAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        for (int i = 0; i < _tensors.Length; i++)
        {
            WriteEntryHead(writer, i);
            await _tensors[i].WriteToAsync(writer, cancellationToken);
        }

        WriteSpec(writer);
    }

    private void WriteEntryHead(PipeWriter writer, int index)
    {
        string name = _outputs[index].Name;
        ProtobufWriter message = new(writer.GetSpan(ProtobufSize.String(1, name) + LongestHead));
        message.WriteHead(1, (int)EntryLength(index));
        message.WriteString(1, name);
        message.WriteHead(2, (int)_tensors[index].Length);
        writer.Advance(message.Position);
    }

    private void WriteSpec(PipeWriter writer)
    {
        int length = _spec.CalculateSize();
        ProtobufWriter message = new(writer.GetSpan(LongestHead));
        message.WriteHead(2, length);
        writer.Advance(message.Position);
        _spec.WriteTo(writer);
    }

    private long EntryLength(int index) => ProtobufSize.String(1, _outputs[index].Name) + Delimited(2, _tensors[index].Length);

    private static long Delimited(int field, long length) => ProtobufSize.Tag(field) + ProtobufSize.Varint((ulong)length) + length;
}
