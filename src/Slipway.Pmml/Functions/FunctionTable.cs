using System.Collections.Frozen;

namespace Slipway.Pmml.Functions;

/// <summary>The functions of the standard by name.</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, BuiltInFunction> ByName = ((IEnumerable<BuiltInFunction>)
        [.. NumberFunctions.All, .. AggregateFunctions.All, .. LogicFunctions.All, .. TextFunctions.All, .. DateFunctions.All])
        .ToFrozenDictionary(static function => function.Name, StringComparer.Ordinal);

    /// <summary>All names, in order.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The function of a name; null when there is none. Names that vendors put a prefix on (<c>x-expm1</c>) are the functions that the standard took over.</summary>
    public static BuiltInFunction? Find(string name) => ByName.GetValueOrDefault(name)
        ?? (name.StartsWith("x-", StringComparison.Ordinal) ? ByName.GetValueOrDefault(name[2..]) : null);
}
