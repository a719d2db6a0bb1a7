using Slipway.OnnxRuntime.Native;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Native;

public sealed unsafe class OrtLibraryTests
{
    [Fact]
    public void Library_beside_the_program_is_found()
    {
        Assert.Null(OrtLibrary.Problem);
        Assert.StartsWith("1.", OnnxModelRuntime.LibraryVersion, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_can_be_named_by_file_or_folder()
    {
        string file = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.1.dylib" : "libonnxruntime.so.1");

        Assert.True(OrtLibrary.Load(file).Api is not null);
        Assert.True(OrtLibrary.Load(AppContext.BaseDirectory).Api is not null);
    }

    [Fact]
    public void Missing_library_is_told_with_what_was_tried_and_no_path()
    {
        using TemporaryFolder folder = new();

        string? problem = OrtLibrary.Load(folder.Root).Problem;

        Assert.Contains("was not found at the place that SLIPWAY_ONNXRUNTIME names", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Root, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_is_no_library_is_told()
    {
        using TemporaryFolder folder = new();

        Assert.Contains("(tried some.so)", OrtLibrary.Load(folder.Write("some.so", "text")).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_of_something_else_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "looks for the C library of Linux");
        string[] folders = ["/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/usr/lib64"];
        string path = folders.Select(folder => Path.Combine(folder, "libc.so.6")).FirstOrDefault(File.Exists) ?? "";
        Assert.SkipWhen(path.Length == 0, "no C library where it was looked for");

        Assert.Equal("'libc.so.6' is not an ONNX Runtime library: it has no OrtGetApiBase", OrtLibrary.Load(path).Problem);
    }
}
