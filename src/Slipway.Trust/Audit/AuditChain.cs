using System.Text;
using System.Text.Json;
using Slipway.Trust.Merkle;

namespace Slipway.Trust.Audit;

/// <summary>Reads the lines of a log in their order and stops at the first that does not follow. Not thread-safe.</summary>
internal sealed class AuditChain
{
    /// <summary>The tree of all entries so far.</summary>
    public MerkleAccumulator Tree { get; } = new();

    /// <summary>Hash of the last entry.</summary>
    public byte[] Last { get; private set; } = AuditEntry.Beginning;

    /// <summary>Number of entries so far.</summary>
    public long Count => Tree.Size;

    /// <summary>Takes an entry that was made here.</summary>
    public void Append(AuditEntry entry)
    {
        Tree.Add(entry.Hash);
        Last = entry.Hash;
    }

    /// <summary>Takes the next line, without its line feed.</summary>
    /// <returns>What is wrong with it; null when it follows.</returns>
    public AuditFault? Take(ReadOnlyMemory<byte> line, out AuditEntry? entry)
    {
        long expected = Count + 1;
        entry = Parse(line);
        if (entry is null)
        {
            return new AuditFault(expected, $"entry {expected} has been altered: its line can't be read");
        }

        if (!MerkleHash.Leaf(entry.Json.Span).AsSpan().SequenceEqual(entry.Hash))
        {
            return new AuditFault(expected, $"entry {expected} has been altered: it does not fit its hash");
        }

        if (entry.Number > expected)
        {
            return new AuditFault(expected, $"entry {expected} is missing: entry {entry.Number} stands in its place");
        }

        if (entry.Number < expected)
        {
            return new AuditFault(expected, $"entry {expected} is not there: entry {entry.Number} stands a second time, or out of order, in its place");
        }

        // The entry says what it followed when it was written; that the one before it is another now means that that one was exchanged.
        if (!entry.Previous.AsSpan().SequenceEqual(Last))
        {
            return expected == 1
                ? new AuditFault(1, "entry 1 has been altered: it follows an entry, but none stands before it")
                : new AuditFault(expected - 1, $"entry {expected - 1} has been altered: entry {expected} followed another one when it was written");
        }

        Append(entry);
        return null;
    }

    private static AuditEntry? Parse(ReadOnlyMemory<byte> line)
    {
        if (line.Length is <= AuditEntry.HashLength + 1 or > AuditEntry.MaxBytes || line.Span[AuditEntry.HashLength] != ' ')
        {
            return null;
        }

        try
        {
            ReadOnlyMemory<byte> json = line[(AuditEntry.HashLength + 1)..];
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            byte[] hash = Convert.FromHexString(Encoding.ASCII.GetString(line.Span[..AuditEntry.HashLength]));
            byte[] previous = Convert.FromHexString(document.RootElement.GetProperty("previous").GetString()!);
            return new AuditEntry(document.RootElement.GetProperty("number").GetInt64(), hash, previous, json);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentNullException)
        {
            return null;
        }
    }
}
