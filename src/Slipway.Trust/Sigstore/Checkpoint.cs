using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Sigstore;

/// <summary>A transparency log's signed word on its size and root (C2SP signed note and checkpoint).</summary>
/// <param name="Origin">Name of the log.</param>
/// <param name="Size">Number of leaves.</param>
/// <param name="RootHash">Root of the tree.</param>
internal sealed record Checkpoint(string Origin, long Size, byte[] RootHash)
{
    private const string SignatureMark = "\u2014 ";

    /// <summary>Reads a checkpoint that one of the keys has signed.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: it is none, or nobody's that is trusted.</exception>
    public static Checkpoint Open(string note, IEnumerable<VerificationKey> keys)
    {
        // The text ends with its last line feed; an empty line and the signatures follow.
        int end = note.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
        {
            throw Damaged();
        }

        string text = note[..(end + 1)];
        byte[] signed = Encoding.UTF8.GetBytes(text);
        string[] signatures = note[(end + 2)..].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (!keys.Any(key => signatures.Any(line => IsSignedBy(key, signed, line))))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the log's checkpoint is not signed by the log key that was given");
        }

        string[] lines = text.Split('\n');
        byte[] root = new byte[SHA256.HashSizeInBytes];
        return lines.Length >= 4
            && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out long size)
            && Convert.TryFromBase64String(lines[2], root, out int length) && length == root.Length
            ? new Checkpoint(lines[0], size, root)
            : throw Damaged();
    }

    // A line is: mark, name of the key, base64 of four bytes of the key's id and the signature.
    private static bool IsSignedBy(VerificationKey key, byte[] text, string line)
    {
        int space = line.LastIndexOf(' ');
        if (!line.StartsWith(SignatureMark, StringComparison.Ordinal) || space <= SignatureMark.Length)
        {
            return false;
        }

        byte[] bytes = new byte[line.Length];
        return Convert.TryFromBase64String(line[(space + 1)..], bytes, out int length) && length > 4 && key.Verify(text, bytes.AsSpan(4, length - 4));
    }

    private static SlipwayException Damaged() => new(ErrorCode.InvalidModel, "the log's checkpoint can't be read");
}
