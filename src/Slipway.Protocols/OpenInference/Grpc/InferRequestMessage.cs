using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Protocols.Protobuf;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>
/// The fields of a ModelInferRequest, read without touching the tensors' bytes: those stay where they are and are named by their place.
/// Counts are bounded, as a few bytes may announce an input.
/// </summary>
internal sealed class InferRequestMessage
{
    private const int MaxTensors = 4096;
    private const int MaxRank = 64;

    private readonly List<InferInput> _inputs = new(2);
    private List<Range>? _raw;
    private List<string>? _outputs;
    private List<OutputClassification>? _classifications;
    private RequestParameters _parameters;

    /// <summary>Name of the model.</summary>
    public string ModelName { get; private set; } = "";

    /// <summary>Version as the caller wrote it; empty for the default.</summary>
    public string ModelVersion { get; private set; } = "";

    /// <summary>The caller's id.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Parameters of the request.</summary>
    public ref readonly RequestParameters Parameters => ref _parameters;

    /// <summary>Inputs in the order sent.</summary>
    public ReadOnlySpan<InferInput> Inputs => CollectionsMarshal.AsSpan(_inputs);

    /// <summary>Where the raw contents lie, in the order sent.</summary>
    public ReadOnlySpan<Range> Raw => CollectionsMarshal.AsSpan(_raw);

    /// <summary>Outputs asked for; empty for all.</summary>
    public IReadOnlyList<string> Outputs => _outputs ?? (IReadOnlyList<string>)[];

    /// <summary>Outputs to be classified; empty mostly.</summary>
    public IReadOnlyList<OutputClassification> Classifications => _classifications ?? (IReadOnlyList<OutputClassification>)[];

    /// <summary>Whether a contents field came in several parts, which the format allows and only a full parser puts together.</summary>
    public bool HasScatteredContents { get; private set; }

    /// <summary>Reads a message.</summary>
    /// <param name="data">The message.</param>
    /// <param name="id">The request's id as soon as it is known, for the caller of a request that fails.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>, <see cref="ErrorCode.NotSupported"/>.</exception>
    public static InferRequestMessage Read(ReadOnlySpan<byte> data, ref string id)
    {
        InferRequestMessage message = new();
        ProtobufReader reader = new(data);
        while (reader.ReadTag())
        {
            switch (reader.Field)
            {
                case 1:
                    message.ModelName = Utf8NameCache.Shared.Get(reader.ReadBytes());
                    break;
                case 2:
                    message.ModelVersion = Utf8NameCache.Shared.Get(reader.ReadBytes());
                    break;
                case 3:
                    id = message.Id = reader.ReadString();
                    break;
                case 4:
                    InferParameterReader.Read(reader.ReadBytes(), out string name, out ParameterValue? value);
                    if (value is { } given)
                    {
                        message._parameters.Add(name, given);
                    }

                    break;
                case 5:
                    message.AddInput(data, reader.ReadRange());
                    break;
                case 6:
                    message.AddOutput(reader.ReadBytes());
                    break;
                case 7:
                    message._raw ??= new List<Range>(2);
                    Bound(message._raw.Count, "raw_input_contents");
                    message._raw.Add(reader.ReadRange());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return message;
    }

    private void AddInput(ReadOnlySpan<byte> message, Range range)
    {
        Bound(_inputs.Count, "inputs");
        InferInput input = new() { Name = "" };
        Span<long> shape = stackalloc long[MaxRank];
        int rank = 0;
        string datatype = "";
        (int offset, int length) = range.GetOffsetAndLength(message.Length);
        ReadOnlySpan<byte> data = message.Slice(offset, length);
        ProtobufReader reader = new(data);
        while (reader.ReadTag())
        {
            switch (reader.Field)
            {
                case 1:
                    input.Name = Utf8NameCache.Shared.Get(reader.ReadBytes());
                    break;
                case 2:
                    datatype = Utf8NameCache.Shared.Get(reader.ReadBytes());
                    break;
                case 3:
                    ReadShape(ref reader, data, shape, ref rank);
                    break;
                case 4:
                    InferParameterReader.Read(reader.ReadBytes(), out string name, out _);
                    RefuseSharedMemory(name, "input", input.Name);
                    break;
                case 5:
                    Range contents = reader.ReadRange();
                    HasScatteredContents |= input.HasContents;
                    input.HasContents = true;
                    input.Contents = (offset + contents.Start.Value)..(offset + contents.End.Value);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (!TensorDataTypes.TryParse(datatype, out input.DataType))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{input.Name}': '{datatype}' is not a datatype");
        }

        input.Shape = new TensorShape(shape[..rank].ToArray());
        _inputs.Add(input);
    }

    private static void ReadShape(ref ProtobufReader reader, scoped ReadOnlySpan<byte> data, scoped Span<long> shape, ref int rank)
    {
        if (reader.WireType != ProtobufWireType.LengthDelimited)
        {
            reader.Expect(ProtobufWireType.Varint);
            shape[Next(ref rank)] = (long)reader.ReadVarint();
            return;
        }

        ReadOnlySpan<byte> packed = data[reader.ReadRange()];
        ProtobufReader values = new(packed);
        while (values.Position < packed.Length)
        {
            shape[Next(ref rank)] = (long)values.ReadVarint();
        }
    }

    private static int Next(ref int rank) => rank < MaxRank
        ? rank++
        : throw new SlipwayException(ErrorCode.InvalidRequest, $"a shape has at most {MaxRank} dimensions");

    private void AddOutput(ReadOnlySpan<byte> data)
    {
        _outputs ??= new List<string>(2);
        Bound(_outputs.Count, "outputs");
        string output = "";
        int classes = 0;
        ProtobufReader reader = new(data);
        while (reader.ReadTag())
        {
            switch (reader.Field)
            {
                case 1:
                    output = Utf8NameCache.Shared.Get(reader.ReadBytes());
                    break;
                case 2:
                    InferParameterReader.Read(reader.ReadBytes(), out string name, out ParameterValue? value);
                    RefuseSharedMemory(name, "output", output);
                    if (name == "classification" && value is { } given)
                    {
                        classes = OutputClassification.ReadCount(given);
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        _outputs.Add(output);
        if (classes > 0)
        {
            _classifications ??= [];
            _classifications.Add(new OutputClassification(output, classes));
        }
    }

    private static void RefuseSharedMemory(string parameter, string kind, string tensor)
    {
        if (parameter.StartsWith("shared_memory_", StringComparison.Ordinal))
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"{kind} '{tensor}': shared memory is not supported");
        }
    }

    private static void Bound(int count, string what)
    {
        if (count >= MaxTensors)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"a request has at most {MaxTensors} {what}");
        }
    }
}
