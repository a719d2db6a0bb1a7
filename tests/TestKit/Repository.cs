namespace Slipway.TestKit;

/// <summary>The checkout that the tests run from.</summary>
public static class Repository
{
    /// <summary>Folder of the solution file.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Slipway.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the tests must run from inside the checkout");
    }
}
