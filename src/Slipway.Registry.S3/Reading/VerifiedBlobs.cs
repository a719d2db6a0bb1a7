using System.Collections.Concurrent;
using Slipway.Core;

namespace Slipway.Registry.S3.Reading;

/// <summary>
/// Which objects this process has read whole and found to fit their digest, by the server's mark of their content. Only of these may a part be read alone: a digest says nothing of parts.
/// </summary>
internal sealed class VerifiedBlobs
{
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<Sha256Digest, string> _marks = new();

    /// <summary>Whether content of that mark fits.</summary>
    public bool Contains(Sha256Digest digest, string? mark) => mark is not null && _marks.TryGetValue(digest, out string? known) && known == mark;

    /// <summary>Remembers that it fits.</summary>
    public void Add(Sha256Digest digest, string? mark)
    {
        if (mark is null)
        {
            return;
        }

        if (_marks.Count >= Capacity)
        {
            // Forgetting costs one whole read; keeping an order of use would cost every read.
            _marks.Clear();
        }

        _marks[digest] = mark;
    }
}
