namespace Slipway.Core;

/// <summary>A search of the registry or of tracking: all clauses hold.</summary>
public sealed record SearchQuery
{
    /// <summary>Everything, in the default order.</summary>
    public static SearchQuery All { get; } = new();

    /// <summary>Conditions that all must hold.</summary>
    public IReadOnlyList<SearchClause> Clauses { get; init; } = [];

    /// <summary>Order; ties are broken so that paging is stable. Empty: the default order of what is searched.</summary>
    public IReadOnlyList<SearchOrder> Order { get; init; } = [];

    /// <summary>Which lifecycle stages are looked at.</summary>
    public LifecycleView View { get; init; } = LifecycleView.ActiveOnly;

    /// <summary>Experiments to look in; empty: none for runs and logged models; ignored elsewhere.</summary>
    public IReadOnlyList<string> ExperimentIds { get; init; } = [];

    /// <summary>Most items of a page, from 1.</summary>
    public int MaxResults { get; init; } = 1000;

    /// <summary>Where to go on: <see cref="SearchPage{T}.NextPageToken"/> of the page before; null for the first.</summary>
    public string? PageToken { get; init; }
}

/// <summary>A page of a search.</summary>
/// <typeparam name="T">What was searched.</typeparam>
/// <param name="Items">The items, in order.</param>
/// <param name="NextPageToken">Opaque; null on the last page.</param>
public sealed record SearchPage<T>(IReadOnlyList<T> Items, string? NextPageToken);

/// <summary>One condition. A condition on a metric, parameter or tag that an item lacks does not hold, not even a negated one.</summary>
/// <param name="Field">What kind of thing is compared.</param>
/// <param name="Key">Name of the attribute (snake case, as <c>start_time</c>), metric, parameter or tag.</param>
/// <param name="Operator">How.</param>
/// <param name="Values">The operand: a string or a number; several for <see cref="SearchOperator.In"/>; none for the null tests.</param>
public sealed record SearchClause(SearchField Field, string Key, SearchOperator Operator, IReadOnlyList<SearchValue> Values);

/// <summary>An operand.</summary>
/// <param name="Text">The string; null when it is a number.</param>
/// <param name="Number">The number; null when it is a string.</param>
public readonly record struct SearchValue(string? Text, double? Number);

/// <summary>One criterion of an order. Items that lack the key come last in both directions, NaN before them and after all numbers.</summary>
/// <param name="Field">What kind of thing is compared.</param>
/// <param name="Key">Name of the attribute, metric, parameter or tag.</param>
/// <param name="Descending">Largest first.</param>
/// <param name="DatasetName">For metrics of logged models: only those on the dataset of that name; null: any.</param>
/// <param name="DatasetDigest">As <paramref name="DatasetName"/>, by digest.</param>
public sealed record SearchOrder(SearchField Field, string Key, bool Descending, string? DatasetName = null, string? DatasetDigest = null);

/// <summary>What a search compares.</summary>
public enum SearchField
{
    /// <summary>A property that every item has.</summary>
    Attribute,

    /// <summary>The latest value of a metric.</summary>
    Metric,

    /// <summary>A parameter.</summary>
    Parameter,

    /// <summary>A tag.</summary>
    Tag,

    /// <summary>A dataset among the inputs: <c>name</c>, <c>digest</c> or <c>context</c>.</summary>
    Dataset,
}

/// <summary>How a search compares.</summary>
public enum SearchOperator
{
    /// <summary>Equal.</summary>
    Equal,

    /// <summary>Not equal.</summary>
    NotEqual,

    /// <summary>Greater.</summary>
    Greater,

    /// <summary>Greater or equal.</summary>
    GreaterOrEqual,

    /// <summary>Less.</summary>
    Less,

    /// <summary>Less or equal.</summary>
    LessOrEqual,

    /// <summary>Pattern with <c>%</c> (any characters) and <c>_</c> (one), upper and lower case distinct.</summary>
    Like,

    /// <summary>As <see cref="Like"/>, upper and lower case alike.</summary>
    LikeIgnoringCase,

    /// <summary>One of.</summary>
    In,

    /// <summary>None of.</summary>
    NotIn,

    /// <summary>Not there.</summary>
    IsNull,

    /// <summary>There.</summary>
    IsNotNull,
}

/// <summary>Which lifecycle stages a search looks at.</summary>
public enum LifecycleView
{
    /// <summary>What is not deleted.</summary>
    ActiveOnly = 1,

    /// <summary>What is deleted.</summary>
    DeletedOnly = 2,

    /// <summary>Both.</summary>
    All = 3,
}
