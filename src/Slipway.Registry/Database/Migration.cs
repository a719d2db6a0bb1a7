using System.Globalization;

namespace Slipway.Registry.Database;

/// <summary>One step of the schema. Released ones never change: a further step is a further number.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Name">What it brings, for people.</param>
/// <param name="Statements">
/// Statements in order; <c>{text}</c>, <c>{identity}</c> and <c>{clustered}</c> stand for <see cref="SqlDialect.TextType"/>, <see cref="SqlDialect.IdentityType"/> and
/// <see cref="SqlDialect.Clustered"/>, <c>{now}</c> for the time in milliseconds since 1970.
/// </param>
internal sealed record Migration(int Number, string Name, IReadOnlyList<string> Statements)
{
    /// <summary>The statements in the words of a dialect.</summary>
    public IEnumerable<string> For(SqlDialect dialect, long now) => Statements.Select(statement => statement
        .Replace("{text}", dialect.TextType, StringComparison.Ordinal)
        .Replace("{identity}", dialect.IdentityType, StringComparison.Ordinal)
        .Replace("{clustered}", dialect.Clustered, StringComparison.Ordinal)
        .Replace("{now}", now.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
}
