namespace Slipway.OnnxRuntime.Sessions;

/// <summary>
/// What sessions take. Asking the allocator costs as long as loading a small model, for it walks through all its free pieces and holds up everybody who allocates meanwhile:
/// so the first few models of the same sizes and options are measured, and later ones, such as the next version of the same network, take the median. Not thread-safe: the
/// runtime loads one model at a time.
/// </summary>
/// <param name="inUse">Native memory that the process uses now.</param>
internal sealed class MeasuredMemory(Func<long> inUse)
{
    /// <summary>How often models of one kind are measured: as often as it takes for one disturbed figure not to count.</summary>
    public const int Measurements = 3;

    // Some hundred bytes each; who serves more kinds of models than that has them measured anew now and then.
    private const int MostKinds = 10_000;

    private readonly Dictionary<string, List<long>> _kinds = new(StringComparer.Ordinal);

    /// <summary>Makes a session and tells what it takes.</summary>
    /// <param name="kind">Equal for models that need the same memory.</param>
    /// <param name="least">What it takes in any case, in bytes.</param>
    /// <param name="create">Makes the session.</param>
    /// <param name="bytes">What it takes, in bytes.</param>
    public T Create<T>(string kind, long least, Func<T> create, out long bytes)
    {
        if (_kinds.TryGetValue(kind, out List<long>? known) && known.Count >= Measurements)
        {
            T made = create();
            bytes = known[Measurements / 2];
            return made;
        }

        // What making it adds is what is in use after less what was before; runs of other models blur it a little, and one that is freed meanwhile may hide it.
        long before = inUse();
        T session = create();
        bytes = Math.Max(least, inUse() - before);
        if (known is null)
        {
            if (_kinds.Count >= MostKinds)
            {
                _kinds.Clear();
            }

            _kinds.Add(kind, known = []);
        }

        known.Add(bytes);
        known.Sort();
        return session;
    }
}
