namespace Slipway.Protocols.Protobuf;

/// <summary>
/// Strings of the few names that come with every request (models, inputs, datatypes), so that they are not made anew each time. Of fixed size: a name that
/// falls on another's place takes it. Thread-safe.
/// </summary>
internal sealed class Utf8NameCache
{
    private const int Slots = 1024;
    private const int MaxLength = 128;

    private readonly Entry?[] _slots = new Entry?[Slots];

    /// <summary>The cache of the process.</summary>
    public static Utf8NameCache Shared { get; } = new();

    /// <summary>The text of <paramref name="utf8"/>.</summary>
    /// <exception cref="Slipway.Core.SlipwayException"><see cref="Slipway.Core.ErrorCode.InvalidRequest"/> when it is not UTF-8.</exception>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        if (utf8.Length > MaxLength)
        {
            return ProtobufReader.ToText(utf8);
        }

        // Seeded per process, so that nobody can aim at a place.
        HashCode hash = default;
        hash.AddBytes(utf8);
        ref Entry? slot = ref _slots[(uint)hash.ToHashCode() % Slots];
        Entry? found = Volatile.Read(ref slot);
        if (found is not null && utf8.SequenceEqual(found.Utf8))
        {
            return found.Text;
        }

        string text = ProtobufReader.ToText(utf8);
        Volatile.Write(ref slot, new Entry(utf8.ToArray(), text));
        return text;
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
