using System.Text;

namespace Slipway.Pmml.Documents;

/// <summary>Encodings of documents that the framework's own reader of XML does not know: the code pages of Windows and others (<c>windows-1252</c>, <c>Shift_JIS</c>).</summary>
internal static class DeclaredEncoding
{
    private const int LongestDeclaration = 256;

    /// <summary>Opens a document whose declaration names a code page.</summary>
    /// <param name="stream">The document; stands at its beginning afterwards where nothing is opened. Stays the caller's.</param>
    /// <returns>Its text; null when the reader of XML can tell the encoding by itself, or the stream can't be read twice.</returns>
    public static TextReader? OpenText(Stream stream)
    {
        if (!stream.CanSeek)
        {
            return null;
        }

        long start = stream.Position;
        byte[] head = new byte[LongestDeclaration];
        int length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = start;
        return Named(Encoding.ASCII.GetString(head, 0, length)) is { } name && CodePagesEncodingProvider.Instance.GetEncoding(name) is { } encoding
            ? new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: false, leaveOpen: true)
            : null;
    }

    // A mark of byte order, or an encoding that is not like ASCII, leaves no declaration to be seen.
    private static string? Named(string head)
    {
        const string attribute = "encoding";
        int end = head.StartsWith("<?xml", StringComparison.Ordinal) ? head.IndexOf("?>", StringComparison.Ordinal) : -1;
        int at = end < 0 ? -1 : head.IndexOf(attribute, 0, end, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        string rest = head[(at + attribute.Length)..end].TrimStart(' ', '\t', '\r', '\n', '=');
        int close = rest.Length > 1 && rest[0] is '"' or '\'' ? rest.IndexOf(rest[0], 1) : -1;
        return close > 1 ? rest[1..close] : null;
    }
}
