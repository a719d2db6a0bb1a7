using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>One container of prepacked weights for each model that is loaded, whatever the number of sessions of the same bytes. Thread-safe.</summary>
internal sealed class SharedWeights
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _containers = new(StringComparer.Ordinal);

    /// <summary>The container of a model. Give it back after its session has been released.</summary>
    public Lease Acquire(string digest)
    {
        lock (_gate)
        {
            if (!_containers.TryGetValue(digest, out Entry? entry))
            {
                _containers[digest] = entry = new Entry(new PrepackedWeightsHandle());
            }

            entry.Users++;
            return new Lease(this, digest, entry);
        }
    }

    private void Release(string digest, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users == 0)
            {
                _containers.Remove(digest);
                entry.Container.Dispose();
            }
        }
    }

    /// <summary>One session's use of a container.</summary>
    public sealed unsafe class Lease : IDisposable
    {
        private readonly SharedWeights _owner;
        private readonly string _digest;
        private Entry? _entry;

        internal Lease(SharedWeights owner, string digest, Entry entry)
        {
            _owner = owner;
            _digest = digest;
            _entry = entry;
        }

        /// <summary>The engine's object.</summary>
        public OrtPrepackedWeightsContainer* Pointer => _entry!.Container.Pointer;

        /// <inheritdoc/>
        public void Dispose()
        {
            Entry? entry = Interlocked.Exchange(ref _entry, null);
            if (entry is not null)
            {
                _owner.Release(_digest, entry);
            }
        }
    }

    internal sealed class Entry(PrepackedWeightsHandle container)
    {
        public PrepackedWeightsHandle Container { get; } = container;

        public int Users { get; set; }
    }
}
