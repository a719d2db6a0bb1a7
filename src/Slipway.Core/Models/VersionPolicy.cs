namespace Slipway.Core;

/// <summary>Which of the available versions ought to be served.</summary>
public abstract record VersionPolicy
{
    private VersionPolicy()
    {
    }

    /// <summary>The largest version only.</summary>
    public static VersionPolicy LatestOne { get; } = new Latest(1);

    /// <summary>The versions to serve out of <paramref name="available"/>, largest first. Pure.</summary>
    public abstract IReadOnlyList<long> Choose(IEnumerable<long> available);

    /// <summary>The <paramref name="Count"/> numerically largest versions (1 or more).</summary>
    public sealed record Latest(int Count) : VersionPolicy
    {
        /// <inheritdoc/>
        public override IReadOnlyList<long> Choose(IEnumerable<long> available) => [.. available.OrderDescending().Take(Count)];
    }

    /// <summary>Every version there is.</summary>
    public sealed record All : VersionPolicy
    {
        /// <inheritdoc/>
        public override IReadOnlyList<long> Choose(IEnumerable<long> available) => [.. available.OrderDescending()];
    }

    /// <summary>The named versions, where they are available.</summary>
    public sealed record Specific(IReadOnlyList<long> Versions) : VersionPolicy
    {
        /// <inheritdoc/>
        public override IReadOnlyList<long> Choose(IEnumerable<long> available) => [.. available.Where(Versions.Contains).OrderDescending()];

        /// <summary>Two policies are equal when they name the same versions in the same order.</summary>
        public bool Equals(Specific? other) => other is not null && Versions.SequenceEqual(other.Versions);

        /// <inheritdoc/>
        public override int GetHashCode() => Versions.Aggregate(17, HashCode.Combine);
    }
}
