using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Inference.Repository;

/// <summary>Short texts that change when files do.</summary>
internal static class ChangeTokens
{
    public static string Of(string folder, IReadOnlyList<ListedFile> files)
    {
        StringBuilder text = new(folder);
        foreach (ListedFile file in files)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{file.Name}\t{file.Length}\t{file.Modified.Ticks}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
