using System.Text;
using Slipway.Core;

namespace Slipway.Registry.Tests.Kit;

/// <summary>What every store of named files does.</summary>
public abstract class ArtifactStoreKit : RegistryKit
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_file_is_put_found_read_and_replaced()
    {
        await PutAsync("1/run/artifacts/MLmodel", "first");
        ArtifactFile second = await PutAsync("1/run/artifacts/MLmodel", "second");

        Assert.Equal(second, await Artifacts.FindAsync("1/run/artifacts/MLmodel", None));
        await using Stream content = await Artifacts.OpenReadAsync("1/run/artifacts/MLmodel", None);
        using StreamReader reader = new(content);
        Assert.Equal("second", await reader.ReadToEndAsync());
        Assert.Null(await Artifacts.FindAsync("1/run/artifacts", None));
        await RefusalAsync(ErrorCode.NotFound, () => Artifacts.OpenReadAsync("1/run/artifacts", None));
    }

    [Fact]
    public async Task Folders_list_what_is_directly_in_them_by_name()
    {
        foreach (string path in (string[])["a/x", "a-b", "a.c/y", "a/z/deep/deeper", "a0", "b", "ä/ö"])
        {
            await PutAsync(path, path);
        }

        Assert.Equal(["a", "a-b", "a.c", "a0", "b", "ä"], (await Artifacts.ListAsync("", None)).Select(static entry => entry.Name));
        Assert.Equal([("x", false), ("z", true)], (await Artifacts.ListAsync("a", None)).Select(static entry => (entry.Name, entry.File is null)));
        Assert.Equal(["x", "z/deep/deeper"], (await Artifacts.ListFilesAsync("a", None)).Select(static file => file.Path));
        Assert.Equal(7, (await Artifacts.ListFilesAsync("", None)).Count);
        Assert.Empty(await Artifacts.ListAsync("nowhere", None));
        Assert.Empty(await Artifacts.ListAsync("b", None));
    }

    [Fact]
    public async Task A_long_folder_lists_whole()
    {
        string[] names = [.. Enumerable.Range(0, 700).Select(static index => index % 3 == 0 ? $"f{index:000}/inner/file" : $"f{index:000}")];
        foreach (string name in names)
        {
            await PutAsync($"folder/{name}", "same content");
        }

        await PutAsync("folder/f000/inner/another", "x");
        Assert.Equal(Enumerable.Range(0, 700).Select(static index => $"f{index:000}"), (await Artifacts.ListAsync("folder", None)).Select(static entry => entry.Name));
    }

    [Fact]
    public async Task A_name_is_a_file_or_a_folder()
    {
        await PutAsync("a/b", "1");
        await RefusalAsync(ErrorCode.InvalidRequest, () => PutAsync("a", "2"));
        await RefusalAsync(ErrorCode.InvalidRequest, () => PutAsync("a/b/c", "3"));
        Assert.Equal(["a/b"], (await Artifacts.ListFilesAsync("", None)).Select(static file => file.Path));
    }

    [Fact]
    public async Task Deleting_a_folder_deletes_what_is_in_it_and_nothing_beside_it()
    {
        foreach (string path in (string[])["a/x", "a/y/z", "a-b", "a0", "ab/x"])
        {
            await PutAsync(path, path);
        }

        Assert.True(await Artifacts.DeleteAsync("a", Ana, None));
        Assert.False(await Artifacts.DeleteAsync("a", Ana, None));
        Assert.True(await Artifacts.DeleteAsync("a0", Ana, None));
        Assert.Equal(["a-b", "ab/x"], (await Artifacts.ListFilesAsync("", None)).Select(static file => file.Path));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../x")]
    [InlineData("a//b")]
    [InlineData("a\\..\\b")]
    [InlineData("C:/x")]
    [InlineData("%2e%2e/x")]
    [InlineData("%252e%252e/x")]
    [InlineData("a\0b")]
    [InlineData("")]
    public async Task A_name_that_leads_elsewhere_is_refused(string path)
    {
        await RefusalAsync(ErrorCode.InvalidRequest, () => PutAsync(path, "x"));
        await RefusalAsync(ErrorCode.InvalidRequest, () => Artifacts.FindAsync(path, None));
        await RefusalAsync(ErrorCode.InvalidRequest, () => Artifacts.DeleteAsync(path, Ana, None));
        if (path.Length > 0)
        {
            await RefusalAsync(ErrorCode.InvalidRequest, () => Artifacts.ListAsync(path, None));
        }
    }

    [Fact]
    public async Task Names_mean_themselves_not_patterns()
    {
        await PutAsync("a%/x", "1");
        await PutAsync("a_/x", "2");
        await PutAsync("ab/x", "3");
        Assert.Single(await Artifacts.ListFilesAsync("a%", None));
        Assert.True(await Artifacts.DeleteAsync("a_", Ana, None));
        Assert.Equal(2, (await Artifacts.ListFilesAsync("", None)).Count);
    }

    private Task<ArtifactFile> PutAsync(string path, string content) => Artifacts.PutAsync(path, new MemoryStream(Encoding.UTF8.GetBytes(content)), Ana, None);
}
