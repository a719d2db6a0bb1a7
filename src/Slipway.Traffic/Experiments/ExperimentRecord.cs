using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Traffic.Experiments;

/// <summary>
/// An experiment as bytes: magic, format, state as JSON, columns of the units, SHA-256 of it all. Little-endian. The format is for ever; a new one gets a new number.
/// </summary>
internal static class ExperimentRecord
{
    private const uint Magic = 0x50584553; // "SEXP"
    private const int Format = 1;
    private const int MaxState = 64 << 20;

    /// <summary>Writes state and units.</summary>
    public static byte[] Write(ExperimentState state, UnitTable units)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Magic);
        writer.Write(Format);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(state, ExperimentJson.Default.ExperimentState);
        writer.Write(json.Length);
        writer.Write(json);
        writer.Write(units.Keys.Count);
        Write(writer, units.Keys);
        Write(writer, units.Arms);
        Write(writer, units.Since);
        Write(writer, units.Before);
        foreach (List<double> column in units.Values)
        {
            Write(writer, column);
        }

        for (int i = 0; i < units.Segments.Count; i++)
        {
            Write(writer, units.Segments[i]);
            writer.Write(units.SegmentNames[i].Count);
            foreach (string name in units.SegmentNames[i])
            {
                writer.Write(name);
            }
        }

        writer.Flush();
        stream.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="IOException">The record is damaged, or of a later release.</exception>
    public static (ExperimentState State, UnitTable Units) Read(string name, byte[] record)
    {
        ReadOnlySpan<byte> content = record.AsSpan(0, Math.Max(0, record.Length - SHA256.HashSizeInBytes));
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(record.AsSpan(content.Length)))
        {
            throw Damaged(name);
        }

        using BinaryReader reader = new(new MemoryStream(record, 0, content.Length));
        try
        {
            if (reader.ReadUInt32() != Magic || reader.ReadInt32() != Format)
            {
                throw new IOException($"the record of experiment '{name}' is none, or of a later release");
            }

            int length = reader.ReadInt32();
            byte[] json = length is > 0 and < MaxState ? reader.ReadBytes(length) : throw Damaged(name);
            ExperimentState state = JsonSerializer.Deserialize(json, ExperimentJson.Default.ExperimentState) ?? throw Damaged(name);
            UnitTable units = new(state.Definition.Metrics.Count, state.Definition.Segments.Count, state.Definition.MaxUnits);
            ReadColumns(reader, units);
            return (state, units);
        }
        catch (Exception fault) when (fault is EndOfStreamException or JsonException or ArgumentException)
        {
            throw new IOException(Damaged(name).Message, fault);
        }
    }

    private static void ReadColumns(BinaryReader reader, UnitTable units)
    {
        int count = reader.ReadInt32();
        Read(reader, units.Keys, count);
        Read(reader, units.Arms, count);
        Read(reader, units.Since, count);
        Read(reader, units.Before, count);
        foreach (List<double> column in units.Values)
        {
            Read(reader, column, count);
        }

        for (int i = 0; i < units.Segments.Count; i++)
        {
            Read(reader, units.Segments[i], count);
            int names = reader.ReadInt32();
            for (int k = 0; k < names && k < UnitTable.MaxSegmentValues; k++)
            {
                units.SegmentNames[i].Add(reader.ReadString());
            }
        }

        units.Index();
    }

    private static void Write<T>(BinaryWriter writer, List<T> column)
        where T : struct => writer.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(column)));

    private static void Read<T>(BinaryReader reader, List<T> column, int count)
        where T : struct
    {
        CollectionsMarshal.SetCount(column, count);
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(column)));
    }

    private static IOException Damaged(string name) => new($"the record of experiment '{name}' is damaged");
}

/// <summary>JSON of states, as they are kept and as reports give them. Names are for ever.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExperimentState))]
[JsonSerializable(typeof(ExperimentDefinition))]
internal sealed partial class ExperimentJson : JsonSerializerContext;
