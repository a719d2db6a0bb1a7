using System.IO.Enumeration;

namespace Slipway.Registry.Models;

/// <summary>Patterns of names: <c>*</c> for any characters, <c>?</c> for one. Names have no backslash, which the matcher would read as an escape.</summary>
internal static class NamePattern
{
    public static bool Matches(string pattern, string name, bool ignoreCase) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase);
}
