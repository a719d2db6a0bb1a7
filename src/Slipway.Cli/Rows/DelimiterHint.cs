using System.Text;

namespace Slipway.Cli.Rows;

/// <summary>Tells when the first line of a CSV file looks as if its cells stood apart by another character than the one that was asked for.</summary>
internal static class DelimiterHint
{
    private static readonly byte[] Usual = [(byte)',', (byte)';', (byte)'\t', (byte)'|'];

    /// <summary>What to try; null when the line holds the delimiter, or does not hold exactly one of the other usual ones.</summary>
    /// <param name="line">The first line, in UTF-8. What stands between quotes is not looked at.</param>
    /// <param name="delimiter">The delimiter in use.</param>
    public static string? Of(ReadOnlySpan<byte> line, byte delimiter)
    {
        HashSet<byte> found = [];
        bool isQuoted = false;
        foreach (byte letter in line)
        {
            isQuoted ^= letter == (byte)'"';
            if (!isQuoted && (letter == delimiter || Usual.Contains(letter)))
            {
                found.Add(letter);
            }
        }

        if (found.Count != 1 || found.Contains(delimiter))
        {
            return null;
        }

        byte other = found.Single();
        string option = other == (byte)'\t' ? "tab" : $"'{(char)other}'";
        return $"the first line holds {Name(other)} and no {Name(delimiter)}: try --delimiter {option}";
    }

    private static string Name(byte delimiter) => delimiter == (byte)'\t' ? "tab" : $"'{Encoding.ASCII.GetString([delimiter])}'";
}
