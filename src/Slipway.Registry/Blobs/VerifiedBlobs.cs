using System.Collections.Concurrent;
using Slipway.Core;

namespace Slipway.Registry.Blobs;

/// <summary>Which files were found to fit their digest, as of their size and time, so that reading here and there does not hash them again each time. Bounded.</summary>
internal sealed class VerifiedBlobs
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<Sha256Digest, (long Length, DateTime Written)> _known = new();

    public bool Contains(Sha256Digest digest, long length, DateTime written) =>
        _known.TryGetValue(digest, out (long Length, DateTime Written) known) && known == (length, written);

    public void Add(Sha256Digest digest, long length, DateTime written)
    {
        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        _known[digest] = (length, written);
    }
}
