namespace Slipway.TensorFlow.Drafting;

/// <summary>The graph that a term belongs to: the model's (<see cref="Root"/>), or the body of a loop or branch within another one.</summary>
internal sealed class Scope
{
    private Scope(Scope? outer)
    {
        Outer = outer;
        Depth = outer is null ? 0 : outer.Depth + 1;
    }

    /// <summary>The graph around this one; null for the model's.</summary>
    public Scope? Outer { get; }

    /// <summary>How many graphs are around this one.</summary>
    public int Depth { get; }

    /// <summary>A model's graph.</summary>
    public static Scope Root() => new(null);

    /// <summary>A body within this graph.</summary>
    public Scope Inner() => new(this);

    /// <summary>Whether this graph is <paramref name="within"/> or lies in it.</summary>
    public bool Lies(Scope within)
    {
        Scope? scope = this;
        while (scope is not null && scope.Depth > within.Depth)
        {
            scope = scope.Outer;
        }

        return ReferenceEquals(scope, within);
    }
}
