using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Formats.Onnx.Text;

/// <summary>Reads the characters and classes of characters of a regular expression.</summary>
internal sealed class ClassReader(ExpressionCursor cursor)
{
    /// <summary>A class in brackets: <c>[abc]</c>, <c>[^a-z]</c>, <c>[[:alpha:]\d]</c>.</summary>
    public CodePointSet Class()
    {
        cursor.At++;
        bool negated = cursor.Skip('^');
        CodePointSet set = new();
        for (bool first = true; first || cursor.Current("has a class without end") != ']'; first = false)
        {
            if (PosixClass() is { } posix)
            {
                set.Add(posix);
                continue;
            }

            if (cursor.Current("has a class without end") == '\\')
            {
                cursor.At++;
                cursor.Current("ends with a backslash");
                if (NamedClass() is { } named)
                {
                    set.Add(named);
                    continue;
                }

                cursor.At--;
            }

            int from = ClassCharacter();
            int to = from;
            if (cursor.Match(@"\A-[^\]]", reach: 2).Success)
            {
                cursor.At++;
                to = ClassCharacter();
            }

            _ = to >= from ? set.Add(from, to) : throw cursor.NotSupported("has a range the wrong way round");
        }

        cursor.At++;
        return negated ? set.Complement() : set;
    }

    private int ClassCharacter()
    {
        if (cursor.Current("has a class without end") != '\\')
        {
            return cursor.Rune();
        }

        cursor.At++;
        cursor.Current("ends with a backslash");
        return EscapedCharacter();
    }

    private CodePointSet? PosixClass()
    {
        Match match = cursor.Match(@"\A\[:(\^?)([a-z]+):\]", reach: 16);
        if (!match.Success)
        {
            return null;
        }

        cursor.At += match.Length;
        CodePointSet set = CharacterClasses.Posix(match.Groups[2].Value) ?? throw cursor.NotSupported($"has the class {match.Value}, which is not known");
        return match.Groups[1].Length > 0 ? set.Complement() : set;
    }

    /// <summary>Behind a backslash: <c>d</c>, <c>pL</c>, <c>p{Lu}</c> and their opposites; null, and nothing taken, when it is a single character.</summary>
    public CodePointSet? NamedClass()
    {
        char kind = cursor.Current("ends with a backslash");
        if (CharacterClasses.Perl(kind) is { } perl)
        {
            cursor.At++;
            return perl;
        }

        if (kind is not ('p' or 'P'))
        {
            return null;
        }

        Match match = cursor.Match(@"\A[pP](?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))");
        string name = match.Groups[2].Success ? match.Groups[2].Value : match.Groups[3].Value;
        CodePointSet set = match.Success && CharacterClasses.Category(name) is { } known ? known : throw cursor.NotSupported($"uses \\{kind}{{{name}}}, which is not converted");
        cursor.At += match.Length;
        return kind == 'P' ^ match.Groups[1].Length > 0 ? set.Complement() : set;
    }

    /// <summary>Behind a backslash: a single character, as a code point.</summary>
    public int EscapedCharacter()
    {
        char kind = cursor.Current("ends with a backslash");
        Match hexadecimal = cursor.Match(@"\Ax(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))");
        Match octal = cursor.Match(@"\A(?:0[0-7]{0,2}|[1-7][0-7]{2})");
        if (hexadecimal.Success || octal.Success)
        {
            cursor.At += hexadecimal.Success ? hexadecimal.Length : octal.Length;
            int point = hexadecimal.Success
                ? int.Parse(hexadecimal.Groups[1].Success ? hexadecimal.Groups[1].Value : hexadecimal.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : octal.Value.Aggregate(0, static (sum, digit) => (sum * 8) + digit - '0');
            return System.Text.Rune.IsValid(point) ? point : throw cursor.NotSupported("names a character that Unicode does not have");
        }

        int control = "tnrfva".IndexOf(kind, StringComparison.Ordinal);
        if (control >= 0)
        {
            cursor.At++;
            return "\t\n\r\f\v\a"[control];
        }

        return char.IsAsciiLetterOrDigit(kind) ? throw cursor.NotSupported($"uses \\{kind}, which is not converted") : cursor.Rune();
    }
}
