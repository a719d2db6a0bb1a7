using System.Security.Cryptography;
using Slipway.Traffic.Bandits;

namespace Slipway.Traffic.Rewards;

/// <summary>
/// Decisions of an endpoint as bytes: magic, format, meaning of the rewards, contexts' length, keys of arms, open decisions, the log, SHA-256 of it all. Little-endian. The format is for ever; a
/// new one gets a new number.
/// </summary>
internal static class DecisionRecord
{
    private const uint Magic = 0x43454453; // "SDEC"
    private const int Format = 1;
    private const int MaxDecisions = 1_000_000;
    private const int MaxArms = 4096;

    /// <summary>Writes what a memory holds. Its lock is held for no longer than copying references takes: requests wait for it.</summary>
    public static byte[] Write(BanditMemory memory)
    {
        OpenDecision[] open;
        LoggedDecision[] log;
        lock (memory.Gate)
        {
            (open, log) = (memory.Open.ToArray(), [.. memory.Log]);
        }

        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        string[] arms = [.. open.Select(static one => one.Arm).Concat(log.Select(static one => one.Arm)).Distinct(StringComparer.Ordinal)];
        Dictionary<string, int> positions = arms.Select(static (arm, i) => (arm, i)).ToDictionary(static pair => pair.arm, static pair => pair.i, StringComparer.Ordinal);
        writer.Write(Magic);
        writer.Write(Format);
        writer.Write(memory.Meaning);
        writer.Write(memory.Features);
        writer.Write(arms.Length);
        foreach (string arm in arms)
        {
            writer.Write(arm);
        }

        writer.Write(open.Length);
        foreach (OpenDecision one in open)
        {
            writer.Write(one.Id);
            writer.Write(one.IsRewarded);
            Write(writer, one.At, positions[one.Arm], one.Propensity, one.Context);
        }

        writer.Write(log.Length);
        foreach (LoggedDecision one in log)
        {
            writer.Write(one.Reward);
            Write(writer, one.At, positions[one.Arm], one.Propensity, one.Context);
        }

        writer.Flush();
        stream.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.ToArray();
    }

    /// <summary>Gives a memory back what <see cref="Write(BanditMemory)"/> wrote; nothing when rewards meant something else.</summary>
    /// <exception cref="IOException">The record is damaged, or of a later release.</exception>
    public static void Read(string endpoint, byte[] record, BanditMemory memory)
    {
        ReadOnlySpan<byte> content = record.AsSpan(0, Math.Max(0, record.Length - SHA256.HashSizeInBytes));
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(record.AsSpan(content.Length)))
        {
            throw Damaged(endpoint);
        }

        using BinaryReader reader = new(new MemoryStream(record, 0, content.Length));
        try
        {
            if (reader.ReadUInt32() != Magic || reader.ReadInt32() != Format)
            {
                throw new IOException($"the kept decisions of endpoint '{endpoint}' are none, or of a later release");
            }

            if (reader.ReadString() != memory.Meaning)
            {
                return;
            }

            int features = reader.ReadInt32();
            if (features != memory.Features)
            {
                throw Damaged(endpoint);
            }

            string[] arms = new string[Bounded(reader.ReadInt32(), MaxArms, endpoint)];
            for (int i = 0; i < arms.Length; i++)
            {
                arms[i] = reader.ReadString();
            }

            List<OpenDecision> open = [];
            for (int i = Bounded(reader.ReadInt32(), MaxDecisions, endpoint); i > 0; i--)
            {
                ulong id = reader.ReadUInt64();
                bool isRewarded = reader.ReadBoolean();
                (long at, string arm, double propensity, double[]? context) = ReadDecision(reader, arms, features);
                open.Add(new OpenDecision(id, arm, propensity, context, at) { IsRewarded = isRewarded });
            }

            List<LoggedDecision> log = [];
            for (int i = Bounded(reader.ReadInt32(), MaxDecisions, endpoint); i > 0; i--)
            {
                double reward = reader.ReadDouble();
                (long at, string arm, double propensity, double[]? context) = ReadDecision(reader, arms, features);
                log.Add(new LoggedDecision(at, arm, propensity, reward, context));
            }

            memory.Restore(open, log);
        }
        catch (Exception fault) when (fault is EndOfStreamException or ArgumentException or IndexOutOfRangeException or FormatException)
        {
            throw new IOException(Damaged(endpoint).Message, fault);
        }
    }

    private static void Write(BinaryWriter writer, long at, int arm, double propensity, double[]? context)
    {
        writer.Write(at);
        writer.Write(arm);
        writer.Write(propensity);
        foreach (double number in context ?? [])
        {
            writer.Write(number);
        }
    }

    private static (long At, string Arm, double Propensity, double[]? Context) ReadDecision(BinaryReader reader, string[] arms, int features)
    {
        long at = reader.ReadInt64();
        string arm = arms[reader.ReadInt32()];
        double propensity = reader.ReadDouble();
        double[]? context = features == 0 ? null : new double[features];
        for (int i = 0; i < features; i++)
        {
            context![i] = reader.ReadDouble();
        }

        return (at, arm, propensity, context);
    }

    private static int Bounded(int count, int most, string endpoint) => count >= 0 && count <= most ? count : throw Damaged(endpoint);

    private static IOException Damaged(string endpoint) => new($"the kept decisions of endpoint '{endpoint}' are damaged");
}
