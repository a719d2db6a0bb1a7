namespace Slipway.Protocols.TensorFlowServing;

/// <summary>The values of one feature of an example: floats, integers, byte strings, or none at all.</summary>
internal readonly record struct ExampleFeature
{
    private ExampleFeature(IReadOnlyList<float>? floats, IReadOnlyList<long>? integers, IReadOnlyList<ReadOnlyMemory<byte>>? strings)
    {
        Floats = floats;
        Integers = integers;
        Strings = strings;
    }

    /// <summary>The values when they are floats.</summary>
    public IReadOnlyList<float>? Floats { get; }

    /// <summary>The values when they are integers.</summary>
    public IReadOnlyList<long>? Integers { get; }

    /// <summary>The values when they are byte strings.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Strings { get; }

    /// <summary>How many values there are.</summary>
    public int Count => Floats?.Count ?? Integers?.Count ?? Strings?.Count ?? 0;

    /// <summary>A feature of floats.</summary>
    public static ExampleFeature Of(IReadOnlyList<float> values) => new(values, null, null);

    /// <summary>A feature of integers.</summary>
    public static ExampleFeature Of(IReadOnlyList<long> values) => new(null, values, null);

    /// <summary>The only value, so many times.</summary>
    public ExampleFeature Repeated(int count) => Floats is { } floats ? Of(Enumerable.Repeat(floats[0], count).ToArray())
        : Integers is { } integers ? Of(Enumerable.Repeat(integers[0], count).ToArray())
        : Of(Enumerable.Repeat(Strings![0], count).ToArray());

    /// <summary>A feature of byte strings.</summary>
    public static ExampleFeature Of(IReadOnlyList<ReadOnlyMemory<byte>> values) => new(null, null, values);
}
