using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Slipway.OnnxRuntime.Native;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Native;

public sealed class OrtApiTests
{
    private const string HowToFix = "run: dotnet run eng/onnxruntime-api/generate.cs";

    [Fact]
    public void Generated_table_is_fresh_and_unedited()
    {
        string generated = File.ReadAllText(Path.Combine(Repository.Root, "src/Slipway.OnnxRuntime/Native/OrtApi.g.cs")).ReplaceLineEndings("\n");
        string table = File.ReadAllText(Path.Combine(Repository.Root, "eng/onnxruntime-api/OrtApi.txt")).ReplaceLineEndings("\n");
        string body = generated[(generated.IndexOf("// </auto-generated>\n", StringComparison.Ordinal) + "// </auto-generated>\n".Length)..];

        Assert.True(generated.Contains($"// table {Digest(table)}\n", StringComparison.Ordinal), HowToFix);
        Assert.True(generated.Contains($"// body {Digest(body)}\n", StringComparison.Ordinal), HowToFix);
    }

    [Fact]
    public unsafe void Members_are_where_the_library_has_them()
    {
        // Positions that the header's own checks pin for the last member of a version, and members that can be called to see.
        Assert.Equal(101 * sizeof(nint), (int)Marshal.OffsetOf<OrtApi>(nameof(OrtApi.ReleaseCustomOpDomain)));
        Assert.Equal(118 * sizeof(nint), (int)Marshal.OffsetOf<OrtApi>(nameof(OrtApi.ReleaseModelMetadata)));
        Assert.Equal(149 * sizeof(nint), (int)Marshal.OffsetOf<OrtApi>(nameof(OrtApi.SetGlobalSpinControl)));
        Assert.Equal(279 * sizeof(nint), (int)Marshal.OffsetOf<OrtApi>(nameof(OrtApi.AddExternalInitializersFromFilesInMemory)));
        Assert.Contains("Build Info", Marshal.PtrToStringUTF8((nint)OrtLibrary.Api->GetBuildInfoString()), StringComparison.Ordinal);
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
