namespace Slipway.Formats.Abstractions;

/// <summary>
/// What a format takes, told by the code that takes it: names come from the registries that conversion and evaluation look in, so that the documentation made from
/// this can't promise more or less (<c>slipway formats</c>, docs/formats-support.md). Plain values only.
/// </summary>
public sealed record FormatSupport
{
    /// <summary>How models of the format are run.</summary>
    public required FormatServing Serving { get; init; }

    /// <summary>Producers and versions whose files are compared with the producer's own answers, such as <c>scikit-learn 1.0 to 1.6</c>. Empty where nothing is served.</summary>
    public IReadOnlyList<string> Tested { get; init; } = [];

    /// <summary>What a model may be made of, by kind.</summary>
    public IReadOnlyList<SupportGroup> Groups { get; init; } = [];

    /// <summary>What holds for the whole format: encodings that are read, what is refused, sizes. One plain sentence each, without a full stop.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];

    /// <summary>A format that is recognised only.</summary>
    /// <param name="advice">What the user can do instead.</param>
    public static FormatSupport NotServed(string advice) => new() { Serving = FormatServing.NotServed, Limits = [advice] };
}

/// <summary>How models of a format are run.</summary>
public enum FormatServing
{
    /// <summary>Recognised, so that the answer can say what it is and what to do.</summary>
    NotServed,

    /// <summary>Handed to the engine as it is.</summary>
    AsIs,

    /// <summary>Converted to ONNX.</summary>
    Converted,

    /// <summary>Evaluated by a runtime of its own; can't be converted.</summary>
    Native,
}

/// <summary>Parts of one kind that a model may be made of.</summary>
/// <param name="Kind">What they are, in the plural: <c>estimators</c>, <c>operators</c>, <c>layers</c>, <c>elements</c>, <c>objectives</c>.</param>
/// <param name="Items">The parts, in the order in which they are to be shown; names are unique.</param>
public sealed record SupportGroup(string Kind, IReadOnlyList<SupportedItem> Items)
{
    /// <summary>Parts without limits of their own, in ordinal order.</summary>
    public static SupportGroup Of(string kind, IEnumerable<string> names) =>
        new(kind, [.. names.Order(StringComparer.Ordinal).Select(static name => new SupportedItem(name))]);
}

/// <summary>A part that a model may be made of.</summary>
/// <param name="Name">Its name as the producer has it.</param>
public sealed record SupportedItem(string Name)
{
    /// <summary>What of it is taken or refused, where not everything is; empty: everything.</summary>
    public string Limits { get; init; } = "";

    /// <summary>Versions of the producer for which this part was compared with the producer's own answers, where they differ from the format's; empty: the format's.</summary>
    public string Tested { get; init; } = "";
}
