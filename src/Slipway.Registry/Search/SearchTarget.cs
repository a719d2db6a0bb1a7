namespace Slipway.Registry.Search;

/// <summary>What a kind of thing offers to searches: its table, what can be compared and ordered by, and the order when none is asked for.</summary>
internal sealed record SearchTarget
{
    /// <summary>What the things are called in messages.</summary>
    public required string Things { get; init; }

    /// <summary>Table with its short name, as <c>runs r</c>.</summary>
    public required string From { get; init; }

    /// <summary>The numeric key of an item, with the short name.</summary>
    public required string Key { get; init; }

    /// <summary>Attributes by name.</summary>
    public required IReadOnlyDictionary<string, SearchColumn> Attributes { get; init; }

    /// <summary>Order when none is asked for; breaks ties as well, so that the last term is unique.</summary>
    public required IReadOnlyList<SortTerm> DefaultOrder { get; init; }

    /// <summary>Tags; null when there are none.</summary>
    public KeyedTable? Tags { get; init; }

    /// <summary>Parameters; null when there are none.</summary>
    public KeyedTable? Parameters { get; init; }

    /// <summary>Metrics; null when there are none.</summary>
    public KeyedTable? Metrics { get; init; }

    /// <summary>Whether datasets can be compared (<c>run_datasets</c> by run).</summary>
    public bool HasDatasets { get; init; }

    /// <summary>Column that is 1 for deleted items; null where deleted things are gone.</summary>
    public string? Deleted { get; init; }

    /// <summary>Column of the experiment, which has to be among those of the search; null where there is none.</summary>
    public string? Experiment { get; init; }
}

/// <summary>An attribute.</summary>
/// <param name="Sql">Column or expression.</param>
/// <param name="Kind">Type of its values.</param>
/// <param name="IsNullable">Whether an item may lack it.</param>
/// <param name="Prefix">Indexed expression over the first characters, for long texts; null when the column itself is indexed, or nothing.</param>
/// <param name="Largest">Column to order by with the largest first, which is never null and puts what is not there last; null: the same.</param>
internal sealed record SearchColumn(string Sql, SortKind Kind, bool IsNullable = false, string? Prefix = null, string? Largest = null);

/// <summary>A table of keys and values that belong to items.</summary>
/// <param name="Table">Name.</param>
/// <param name="Owner">Column with the key of the item.</param>
/// <param name="IsUnique">Whether an item has at most one value of a key; false for metrics on several datasets.</param>
internal sealed record KeyedTable(string Table, string Owner, bool IsUnique = true)
{
    /// <summary>
    /// Columns of the table, which is then called <c>k</c>, that repeat the terms of the items' default order, and follow key and value in its index; null where there are none.
    /// </summary>
    public IReadOnlyList<string>? Order { get; init; }
}

/// <summary>One criterion of an order. Null comes last in either direction.</summary>
/// <param name="Sql">Column or expression.</param>
/// <param name="Kind">Type of its values.</param>
/// <param name="Descending">Largest first.</param>
/// <param name="IsNullable">Whether it may be null.</param>
internal sealed record SortTerm(string Sql, SortKind Kind, bool Descending, bool IsNullable = false);

/// <summary>Type of values that are compared.</summary>
internal enum SortKind
{
    /// <summary>Text, by its UTF-8 bytes.</summary>
    Text,

    /// <summary>A whole number of 64 bits.</summary>
    Whole,

    /// <summary>A floating-point number of 64 bits.</summary>
    Real,
}
