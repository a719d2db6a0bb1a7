using System.Text.Json;
using Slipway.Core;
using Slipway.TestKit;
using Slipway.Trust.Certificates;
using Slipway.Trust.Keys;
using Slipway.Trust.Signing;

namespace Slipway.Trust.Tests.Signing;

/// <summary>The vectors that Vectors/make_signing_vectors.py made: signatures of one model by another implementation.</summary>
internal static class SigningVectors
{
    public static readonly string Folder = Path.Combine(Repository.Root, "tests", "Slipway.Trust.Tests", "Vectors", "signing");

    public static readonly FixedTime Time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    public static Dictionary<string, byte[]> Files { get; } = ReadFiles();

    public static IReadOnlyList<(string Name, string Trust, string? Error)> All { get; } = ReadIndex();

    public static byte[] Bundle(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".sig"));

    public static VerificationKey Key(string name) => VerificationKey.FromPem(File.ReadAllText(Path.Combine(Folder, name + ".pub.pem")), name);

    public static TrustedSigners Trust(string words)
    {
        string[] parts = words.Split('+');
        return File.Exists(Path.Combine(Folder, parts[0] + ".pub.pem"))
            ? new TrustedSigners { Keys = [Key(parts[0])] }
            : new TrustedSigners
            {
                Roots = CertificateRoots.FromPem(File.ReadAllText(Path.Combine(Folder, parts[0] + ".cert.pem")), parts[0]),
                CertificateNames = parts[1..],
            };
    }

    public static IReadOnlyList<ContentFile> Contents(IEnumerable<KeyValuePair<string, byte[]>> files) =>
        [.. files.Select(file => new ContentFile(file.Key, file.Value.Length, () => new MemoryStream(file.Value, writable: false)))];

    private static Dictionary<string, byte[]> ReadFiles()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "files.json")));
        return document.RootElement.EnumerateObject().ToDictionary(static file => file.Name, static file => file.Value.GetBytesFromBase64());
    }

    private static IReadOnlyList<(string, string, string?)> ReadIndex()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "index.json")));
        return [.. document.RootElement.EnumerateArray().Select(static each =>
            (each.GetProperty("name").GetString()!, each.GetProperty("trust").GetString()!, each.GetProperty("error").GetString()))];
    }
}
