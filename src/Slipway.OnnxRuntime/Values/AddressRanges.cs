namespace Slipway.OnnxRuntime.Values;

/// <summary>The memory that a run's inputs lie in.</summary>
internal readonly unsafe ref struct AddressRanges(ReadOnlySpan<AddressRange> ranges)
{
    private readonly ReadOnlySpan<AddressRange> _ranges = ranges;

    /// <summary>Whether <paramref name="address"/> lies in one of them.</summary>
    public bool Contain(void* address)
    {
        foreach (AddressRange range in _ranges)
        {
            if ((nuint)address - range.Start < range.Length)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Bytes from an address on.</summary>
internal readonly record struct AddressRange(nuint Start, nuint Length);
