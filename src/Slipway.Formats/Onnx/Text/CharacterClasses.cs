using System.Globalization;

namespace Slipway.Formats.Onnx.Text;

/// <summary>Named classes of characters as RE2 has them: those of Perl and POSIX are of ASCII alone.</summary>
internal static class CharacterClasses
{
    private static readonly (string Name, UnicodeCategory Category)[] Categories =
    [
        ("Lu", UnicodeCategory.UppercaseLetter),
        ("Ll", UnicodeCategory.LowercaseLetter),
        ("Lt", UnicodeCategory.TitlecaseLetter),
        ("Lm", UnicodeCategory.ModifierLetter),
        ("Lo", UnicodeCategory.OtherLetter),
        ("Mn", UnicodeCategory.NonSpacingMark),
        ("Mc", UnicodeCategory.SpacingCombiningMark),
        ("Me", UnicodeCategory.EnclosingMark),
        ("Nd", UnicodeCategory.DecimalDigitNumber),
        ("Nl", UnicodeCategory.LetterNumber),
        ("No", UnicodeCategory.OtherNumber),
        ("Pc", UnicodeCategory.ConnectorPunctuation),
        ("Pd", UnicodeCategory.DashPunctuation),
        ("Ps", UnicodeCategory.OpenPunctuation),
        ("Pe", UnicodeCategory.ClosePunctuation),
        ("Pi", UnicodeCategory.InitialQuotePunctuation),
        ("Pf", UnicodeCategory.FinalQuotePunctuation),
        ("Po", UnicodeCategory.OtherPunctuation),
        ("Sm", UnicodeCategory.MathSymbol),
        ("Sc", UnicodeCategory.CurrencySymbol),
        ("Sk", UnicodeCategory.ModifierSymbol),
        ("So", UnicodeCategory.OtherSymbol),
        ("Zs", UnicodeCategory.SpaceSeparator),
        ("Zl", UnicodeCategory.LineSeparator),
        ("Zp", UnicodeCategory.ParagraphSeparator),
        ("Cc", UnicodeCategory.Control),
        ("Cf", UnicodeCategory.Format),
        ("Co", UnicodeCategory.PrivateUse),
    ];

    /// <summary>The class behind a backslash, or null.</summary>
    public static CodePointSet? Perl(char name) => char.ToLowerInvariant(name) switch
    {
        'd' => Signed(name, new CodePointSet().Add('0', '9')),
        'w' => Signed(name, new CodePointSet().Add('0', '9').Add('A', 'Z').Add('_', '_').Add('a', 'z')),
        's' => Signed(name, new CodePointSet().Add('\t', '\n').Add('\f', '\r').Add(' ', ' ')),
        _ => null,
    };

    /// <summary>The class between colons, or null.</summary>
    public static CodePointSet? Posix(string name) => name switch
    {
        "alnum" => new CodePointSet().Add('0', '9').Add('A', 'Z').Add('a', 'z'),
        "alpha" => new CodePointSet().Add('A', 'Z').Add('a', 'z'),
        "ascii" => new CodePointSet().Add(0, 0x7F),
        "blank" => new CodePointSet().Add('\t', '\t').Add(' ', ' '),
        "cntrl" => new CodePointSet().Add(0, 0x1F).Add(0x7F, 0x7F),
        "digit" => new CodePointSet().Add('0', '9'),
        "graph" => new CodePointSet().Add('!', '~'),
        "lower" => new CodePointSet().Add('a', 'z'),
        "print" => new CodePointSet().Add(' ', '~'),
        "punct" => new CodePointSet().Add('!', '/').Add(':', '@').Add('[', '`').Add('{', '~'),
        "space" => new CodePointSet().Add('\t', '\r').Add(' ', ' '),
        "upper" => new CodePointSet().Add('A', 'Z'),
        "word" => new CodePointSet().Add('0', '9').Add('A', 'Z').Add('_', '_').Add('a', 'z'),
        "xdigit" => new CodePointSet().Add('0', '9').Add('A', 'F').Add('a', 'f'),
        _ => null,
    };

    /// <summary>A general category (Lu) or a group of them (L), or null. Scripts are not among them.</summary>
    public static CodePointSet? Category(string name)
    {
        if (name.Length > 2 || name is "C" or "")
        {
            return null;
        }

        HashSet<UnicodeCategory> members = [.. Categories.Where(known => known.Name.StartsWith(name, StringComparison.Ordinal)).Select(static known => known.Category)];
        return members.Count == 0 ? null : new CodePointSet().AddWhere(members.Contains);
    }

    private static CodePointSet Signed(char name, CodePointSet set) => char.IsAsciiLetterUpper(name) ? set.Complement() : set;
}
