using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Protocols.Protobuf;

/// <summary>
/// Collects the values of one repeated number field, packed or not, as the elements of a tensor. Narrow integers keep their low bits.
/// </summary>
/// <param name="type">Element type; 16-bit floats are taken as their bit patterns.</param>
/// <param name="destination">Room for the elements that are expected; a multiple of the element's size.</param>
internal ref struct RepeatedValues(TensorDataType type, Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private readonly int _capacity = destination.Length / type.ElementSize();

    /// <summary>Elements collected so far, those that found no room included.</summary>
    public long Count { get; private set; }

    /// <summary>Fewest bytes that one value takes on the wire.</summary>
    public static int SmallestEncoding(TensorDataType type) => type switch
    {
        TensorDataType.Float32 => 4,
        TensorDataType.Float64 => 8,
        _ => 1,
    };

    /// <summary>Takes the value, or the packed values, of the field that <paramref name="reader"/> has just found.</summary>
    public void Add(ref ProtobufReader reader, ReadOnlySpan<byte> message)
    {
        if (reader.WireType == ProtobufWireType.LengthDelimited)
        {
            AddPacked(message[reader.ReadRange()]);
            return;
        }

        switch (type)
        {
            case TensorDataType.Float32:
                reader.Expect(ProtobufWireType.Fixed32);
                Store(reader.ReadFixed32());
                break;
            case TensorDataType.Float64:
                reader.Expect(ProtobufWireType.Fixed64);
                Store(reader.ReadFixed64());
                break;
            default:
                reader.Expect(ProtobufWireType.Varint);
                Store(reader.ReadVarint());
                break;
        }
    }

    private void AddPacked(ReadOnlySpan<byte> packed)
    {
        switch (type)
        {
            case TensorDataType.Float32 or TensorDataType.Float64:
                AddFixed(packed);
                break;
            case TensorDataType.Bool:
                AddBools(packed);
                break;
            case TensorDataType.Int8 or TensorDataType.UInt8:
                AddVarints<byte>(packed);
                break;
            case TensorDataType.Int32 or TensorDataType.UInt32:
                AddVarints<uint>(packed);
                break;
            case TensorDataType.Int64 or TensorDataType.UInt64:
                AddVarints<ulong>(packed);
                break;
            default:
                AddVarints<ushort>(packed);
                break;
        }
    }

    private void AddFixed(ReadOnlySpan<byte> packed)
    {
        int size = type.ElementSize();
        if (packed.Length % size != 0)
        {
            throw ProtobufReader.Malformed();
        }

        int added = packed.Length / size;
        if (Count + added <= _capacity)
        {
            packed.CopyTo(_destination[((int)Count * size)..]);
        }

        Count += added;
    }

    private void AddVarints<T>(ReadOnlySpan<byte> packed)
        where T : unmanaged, INumberBase<T>
    {
        Span<T> elements = MemoryMarshal.Cast<byte, T>(_destination);
        ProtobufReader reader = new(packed);
        long count = Count;
        while (reader.Position < packed.Length)
        {
            T value = T.CreateTruncating(reader.ReadVarint());
            if (count < elements.Length)
            {
                elements[(int)count] = value;
            }

            count++;
        }

        Count = count;
    }

    private void AddBools(ReadOnlySpan<byte> packed)
    {
        ProtobufReader reader = new(packed);
        while (reader.Position < packed.Length)
        {
            Store(reader.ReadVarint());
        }
    }

    private void Store(ulong value)
    {
        if (Count < _capacity)
        {
            int size = type.ElementSize();
            Span<byte> target = _destination.Slice((int)Count * size, size);
            ulong bits = type == TensorDataType.Bool && value != 0 ? 1 : value;
            MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in bits))[..size].CopyTo(target);
        }

        Count++;
    }
}
