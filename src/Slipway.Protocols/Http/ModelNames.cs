using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.Http;

/// <summary>Answers which models there are, as every protocol with such a question has it.</summary>
internal static class ModelNames
{
    /// <summary>Sends <c>{"models": ["…", …]}</c>.</summary>
    public static async Task SendAsync(HttpContext context, IModelCatalog catalog)
    {
        using ResponseBuffer body = new();
        JsonWriter json = new(body);
        json.Open("models");
        json.OpenArray();
        foreach (ModelSnapshot model in catalog.GetModels())
        {
            json.Value(model.Name);
        }

        json.CloseArray();
        json.Close();
        await body.SendJsonAsync(context);
    }
}
